import { expect, test } from 'vitest';
import { isAllowedHost } from './allowed-hosts.ts';

test.each([
  ['https://example.com/a.png', true],
  ['https://EXAMPLE.com/a.png', true],
  ['http://example.com/', true],
  ['https://cdn.pictures.example/x', true],
  ['https://a.b.pictures.example/x', true],
  ['https://localhost:8443/x', true],
  ['https://pictures.example/x', false],
  ['https://evilpictures.example/x', false],
  ['https://example.com.evil.example/', false],
  ['https://example.com@evil.example/', false],
  ['https://evil.example/?example.com', false],
  ['https://localhost/x', false],
  ['https://example.com:8443/x', false],
  ['ftp://example.com/x', false],
  ['data:text/html,example.com', false],
  ['javascript:alert(1)//example.com', false],
])('%s: %s', (address, allowed) => {
  const hosts = ['Example.com', ' *.pictures.example', 'localhost:8443', ''];
  expect(isAllowedHost(new URL(address), hosts)).toBe(allowed);
});

import { describe, expect, it } from 'vitest';
import { hashSecret } from '../../kernel/secrets.ts';
import { newKeyText, parseAuthorization, parseKey } from './key-text.ts';

describe('a new key', () => {
  it('is prefix, one dash, a lower-case letter and at least 51 letters and digits', () => {
    for (let i = 0; i < 50; i++) expect(newKeyText('fastgpt')).toMatch(/^fastgpt-[a-z][A-Za-z0-9]{51,64}$/);
  });
  it('is never the same twice, and its hash tells nothing of it', () => {
    const keys = new Set(Array.from({ length: 100 }, () => newKeyText('x')));
    expect(keys.size).toBe(100);
    const [key = ''] = keys;
    expect(hashSecret(key)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashSecret(key)).not.toContain(key.slice(2, 12));
  });
});

const appId = '68ad85a7463006c96379a0b1';

describe('the Authorization header', () => {
  it.each([
    ['Bearer fastgpt-abc', { key: 'fastgpt-abc' }],
    ['bearer fastgpt-abc', { key: 'fastgpt-abc' }],
    ['Whatever  fastgpt-abc', { key: 'fastgpt-abc' }],
    [`Bearer fastgpt-abc-${appId}`, { key: 'fastgpt-abc', appId }],
    [`Bearer fastgpt-abc-${appId.toUpperCase()}`, { key: 'fastgpt-abc', appId }],
  ])('reads %s', (header, expected) => {
    expect(parseAuthorization(header)).toEqual(expected);
  });
  it.each([
    '',
    'Bearer',
    'Bearer ',
    'fastgpt-abc',
    'Bearer abc',
    'Bearer -abc',
    'Bearer fastgpt-',
    'Bearer a-b-c',
    `Bearer a-b-${appId}-d`,
    "Bearer ' OR 1=1 --",
  ])('finds no key in %j', (header) => {
    expect(parseAuthorization(header)).toBeUndefined();
  });
  it('refuses a text that is too long to be a key', () => {
    expect(parseKey(`a-${'b'.repeat(600)}`)).toBeUndefined();
  });
});

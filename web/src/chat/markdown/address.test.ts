import { describe, expect, test } from 'vitest';
import { addressOf } from './address.ts';

const origin = 'https://lectern.example';
const kindOf = (address: string) => addressOf(address, origin, ['allowed.example']).kind;

describe('an address of a text', () => {
  test.each([
    ['https://evil.example/?q=1', 'foreign'],
    ['//evil.example/x', 'foreign'],
    ['\\\\evil.example\\x', 'foreign'],
    ['https://lectern.example:8443/', 'foreign'],
    ['https://allowed.example.evil.example/', 'foreign'],
    ['https://allowed.example@evil.example/', 'foreign'],
    ['https://user:secret@allowed.example/', 'foreign'],
    ['https://allowed.example/a', 'allowed'],
    ['mailto:someone@evil.example?body=secret', 'foreign'],
    ['/datasets/1', 'own'],
    ['#fn-1', 'own'],
    ['https://lectern.example/chat', 'own'],
    ['/api/core/dataset/image/6743e3f2a1b2c3d4e5f60718?token=t', 'file'],
    ['https://lectern.example/api/common/file/read/a.pdf?token=t', 'file'],
    ['/api/support/user/account/loginout', 'none'],
    ['/api/core/dataset/image/../../../support/user/account/loginout', 'none'],
    ['./api/support/user/account/loginout', 'none'],
    ['/%61pi/support/user/account/loginout', 'none'],
    ['/%2561pi/support/user/account/loginout', 'none'],
    ['/%252561pi/core/ai/model/test?model=x', 'none'],
    ['/API/support/user/account/loginout', 'none'],
    ['//lectern.example//api/support/user/account/loginout', 'none'],
    ['/chat/..//api/support/user/account/loginout', 'none'],
    ['/chat/%2e%2e/api/support/user/account/loginout', 'none'],
    ['/chat%2f..%2fapi/support/user/account/loginout', 'none'],
    ['/chat/..%5capi\\support/user/account/loginout', 'none'],
    ['/%5capi/support/user/account/loginout', 'none'],
    ['/api%2fsupport/user/account/loginout', 'none'],
    ['/api/core/dataset/image/..%2f..%2f..%2fsupport/user/account/loginout', 'none'],
    ['/%76%31/models', 'none'],
    ['/datasets/100%25', 'own'],
    ['/datasets/100%', 'own'],
    ['/api/common/file/read/%E6%96%87%E4%BB%B6.pdf?token=t', 'file'],
    ['/v1/models', 'none'],
    ['/metrics', 'none'],
    ['javascript:alert(1)', 'none'],
    ['JaVaScRiPt:alert(1)', 'none'],
    [' javascript:alert(1)', 'none'],
    ['java\nscript:alert(1)', 'none'],
    ['data:text/html,<script>alert(1)</script>', 'none'],
    ['data:image/svg+xml,<svg onload=alert(1)>', 'none'],
    ['vbscript:x', 'none'],
    ['blob:https://lectern.example/1', 'none'],
    ['streamdown:incomplete-link', 'none'],
    ['', 'none'],
  ])('%j is %s', (address, kind) => {
    expect(kindOf(address)).toBe(kind);
  });

  test('of this server never becomes one of another by its slashes', () => {
    expect(addressOf('/x/..//evil.example/y', origin, [])).toEqual({ kind: 'own', href: '/evil.example/y' });
  });
});

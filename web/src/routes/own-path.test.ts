import { describe, expect, test } from 'vitest';
import { ownPath } from './own-path.ts';

describe('where a login may lead', () => {
  test.each(['/', '/chat', '/apps?q=a%20b', '/datasets/1#x', '/chat/知识'])(
    '%s is of this console',
    (path) => {
      expect(ownPath(path)).toBe(path);
    },
  );

  test.each([
    ['another host', '//evil.example'],
    ['a backslash for a slash', '/\\evil.example'],
    ['a backslash further on', '/a/..\\..\\evil.example'],
    ['a tab, which browsers leave out', '/\t/evil.example'],
    ['a line end', '/\n/evil.example'],
    ['a carriage return', '/\r/evil.example'],
    ['a NUL', '/\0/evil.example'],
    ['a whole address', 'https://evil.example'],
    ['a scheme', 'javascript:alert(1)'],
    ['nothing', ''],
    ['no text', 7],
  ])('%s is not', (_, value) => {
    expect(ownPath(value)).toBeUndefined();
  });
});

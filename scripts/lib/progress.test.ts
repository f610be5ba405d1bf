import { expect, test } from 'vitest';
import { showProgress } from './progress.mjs';

/** What was written until so much of it was there. */
async function written(stream: object, writes: number): Promise<string> {
  let text = '';
  let left = writes;
  const enough = Promise.withResolvers<void>();
  const write = (more: string) => {
    text += more;
    left -= 1;
    if (left === 0) enough.resolve();
  };
  const stages = ['one', 'two', 'three of them, in many more words than fit', 'four'];
  const describe = () => stages.shift() ?? 'more';
  const end = showProgress(describe, { stream: { ...stream, write }, everyMs: 1 });
  await enough.promise;
  expect(end()).toBeTypeOf('number');
  return text;
}

test('a terminal has one line that is written over, and nothing of it in the end', async () => {
  const text = await written({ isTTY: true, columns: 20 }, 4);
  expect(text.split('\r\x1b[K').slice(0, 5)).toEqual(['', '  one', '  two', '  three of them, in', '  four']);
  expect(text.endsWith('\r\x1b[K')).toBe(true);
  expect(text).not.toContain('\n');
});

test('elsewhere each look is a line', async () => {
  const text = await written({}, 2);
  expect(text).toMatch(/^ {2}one\n {2}two\n/);
  expect(text).not.toContain('\x1b');
});

import { parseArgs } from 'node:util';
import { expect, it } from 'vitest';
import { argumentProblem } from './argument-problem.ts';

const options = { port: { type: 'string', short: 'p' }, quiet: { type: 'boolean' } } as const;

it.each([
  [['--prot', '1'], 'Unknown option --prot.', '未知选项 --prot。'],
  [['-x'], 'Unknown option -x.', '未知选项 -x。'],
  [['--port'], '--port needs a value.', '--port 需要一个值。'],
  [['--port', '--quiet'], '--port needs a value.', '--port 需要一个值。'],
  [['--quiet=1'], '--quiet takes no value.', '--quiet 不带值。'],
  [['hello'], '"hello" is not expected here.', '此处不应有“hello”。'],
])('%j is refused with a reason in both languages', (args, en, zh) => {
  let text: unknown;
  try {
    parseArgs({ args, options });
  } catch (thrown) {
    text = argumentProblem(thrown);
  }
  expect(text).toEqual({ en, zh });
});

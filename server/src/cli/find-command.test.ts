import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import { findCommand } from './find-command.ts';

const text = { en: '', zh: '' };
const run = async () => ({ json: null, text: '' });
const commands: Command[] = [
  { name: 'keys create', summary: text, options: { name: { value: 'NAME', text } }, run },
  {
    name: 'copy',
    summary: text,
    options: { from: { value: 'X', text }, replace: { value: '', text, flag: true } },
    opensStore: true,
    run,
  },
  { name: 'backup', summary: text, options: {}, opensStore: true, run },
];
const find = (line: string) => {
  const { command, rest } = findCommand(commands, line.split(' '));
  return [command?.name, rest.join(' ')];
};

describe('the command of a command line', () => {
  it.each([
    ['keys create --name x', 'keys create', '--name x'],
    ['copy --from x --replace', 'copy', '--from x --replace'],
    ['--json copy --from x', 'copy', '--json --from x'],
    ['--replace copy', 'copy', '--replace'],
    // A value is no word of a command.
    ['--data backup copy', 'copy', '--data backup'],
    ['--data backup keys create', 'keys create', '--data backup'],
    ['--data=x backup', 'backup', '--data=x'],
    ['keys create --name copy', 'keys create', '--name copy'],
    ['keys', undefined, 'keys'],
    ['create keys', undefined, 'create keys'],
  ])('%s', (line, name, rest) => {
    expect(find(line)).toEqual([name, rest]);
  });
});

import type { Command } from './command.ts';

/**
 * The command that the arguments name, by two words or by one, and what else was given. Options may stand before the
 * words as well as behind them; the value of an option is no word, even where it reads like one (`--data backup`).
 */
export function findCommand(
  commands: readonly Command[],
  args: readonly string[],
): { command: Command | undefined; rest: string[] } {
  const flags = new Set(['--json', '--help', '-h']);
  for (const { options } of commands) {
    for (const [name, { flag }] of Object.entries(options)) if (flag) flags.add(`--${name}`);
  }
  const isValue = (at: number) => {
    const before = args[at - 1];
    return before?.startsWith('-') === true && !before.includes('=') && !flags.has(before);
  };
  for (const [at, word] of args.entries()) {
    if (isValue(at)) continue;
    for (const [name, words] of [
      [`${word} ${args[at + 1]}`, 2],
      [word, 1],
    ] as const) {
      const command = commands.find((one) => one.name === name);
      if (command) return { command, rest: [...args.slice(0, at), ...args.slice(at + words)] };
    }
  }
  return { command: undefined, rest: [...args] };
}

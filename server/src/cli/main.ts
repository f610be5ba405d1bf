import { AppError } from '../kernel/errors.ts';
import { terminalLang } from '../kernel/terminal-lang.ts';
import { StoreStartError } from '../store/errors.ts';
import { type Command, CommandError } from './command.ts';
import { backupCommands } from './commands/backup.ts';
import { copyCommand } from './commands/copy.ts';
import { doctorCommands } from './commands/doctor.ts';
import { indexCommands } from './commands/index-check.ts';
import { keyCommands } from './commands/keys.ts';
import { peopleCommands } from './commands/people.ts';
import { pullCommand } from './commands/pull.ts';
import { secretCommands } from './commands/secrets.ts';
import { findCommand } from './find-command.ts';
import { commandHelp, overview } from './help.ts';
import { readCall, runCall } from './run-command.ts';

const commands: readonly Command[] = [
  ...keyCommands,
  ...peopleCommands,
  ...backupCommands,
  ...indexCommands,
  ...doctorCommands,
  ...secretCommands,
  copyCommand,
  pullCommand,
];

const lang = terminalLang(process.env);

/** How a command ends that met what nobody thought of. */
const unexpected = 70;

/** What to print and how to end for anything that was thrown: one plain sentence, never a stack. */
function explain(thrown: unknown): { message: string; exitCode: number } {
  if (thrown instanceof CommandError) return { message: thrown.text[lang], exitCode: thrown.exitCode };
  if (thrown instanceof AppError) return { message: thrown.text(lang), exitCode: 1 };
  if (thrown instanceof StoreStartError) return { message: thrown.text[lang], exitCode: 1 };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    message: lang === 'zh' ? `意外错误：${message}` : `Unexpected error: ${message}`,
    exitCode: unexpected,
  };
}

async function main(args: string[]): Promise<number> {
  const { command, rest } = findCommand(commands, args);
  if (!command) {
    const wantsHelp =
      args.length === 0 || args.includes('--help') || args.includes('-h') || args[0] === 'help';
    const asked = args.slice(0, 2).join(' ');
    const problem = lang === 'zh' ? `没有命令“${asked}”。` : `There is no command "${asked}".`;
    const text = overview(commands, lang);
    if (wantsHelp) process.stdout.write(`${text}\n`);
    else process.stderr.write(`${problem}\n\n${text}\n`);
    return wantsHelp ? 0 : 2;
  }
  try {
    const call = readCall(command, rest);
    if (call.values.help) {
      process.stdout.write(`${commandHelp(command, lang)}\n`);
      return 0;
    }
    const answer = await runCall(call, lang);
    process.stdout.write(`${call.values.json ? JSON.stringify(answer.json, null, 2) : answer.text}\n`);
    if (answer.note && !call.values.json) process.stderr.write(`${answer.note[lang]}\n`);
    return answer.exitCode ?? 0;
  } catch (thrown) {
    const { message, exitCode } = explain(thrown);
    const hint = exitCode === 2 ? `\n\n${commandHelp(command, lang)}` : '';
    process.stderr.write(`${message}${hint}\n`);
    return exitCode;
  }
}

process.exitCode = await main(process.argv.slice(2));

import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { Config } from '../config.ts';
import type { App } from '../domain/context.ts';

/** One option of a command; every one but a flag takes a value. */
export interface CommandOption {
  /** What stands for the value in the help; '' for a flag. */
  value: string;
  text: Text;
  required?: boolean;
  multiple?: boolean;
  /** Takes no value: it is given or not. */
  flag?: true;
}

/** What a command answers: for people, or with `--json` for programs. */
export interface CommandAnswer {
  json: unknown;
  /** On standard output, alone: it can be piped. */
  text: string;
  /** For the person at the keyboard, on standard error. */
  note?: Text;
  /** 1 when the answer is bad news, such as damage that was found; default 0. */
  exitCode?: 0 | 1;
}

/** What every command works with. */
export interface CallContext {
  config: Config;
  lang: Lang;
  /** The value of an option, or nothing. */
  option(name: string): string | undefined;
  /** All values of an option that may be repeated. */
  options(name: string): string[];
  /** Whether a flag was given. */
  flag(name: string): boolean;
  /** What was given without an option name. */
  argument: string | undefined;
  /** One line on standard error at once, for the person who waits. */
  say(text: Text): void;
}

/** What a command on the open store works with. */
export interface CommandContext extends CallContext {
  app: Pick<App, 'store' | 'config' | 'keyUsage'>;
}

interface CommandBase {
  /** Its words, `keys create` or `copy`. */
  name: string;
  summary: Text;
  /** What stands for a value without option name, where the command takes one. */
  argument?: string;
  options: Record<string, CommandOption>;
}

/** Works on the store of the data directory, which is opened for it. */
export interface StoreCommand extends CommandBase {
  opensStore?: never;
  run(context: CommandContext): Promise<CommandAnswer>;
}

/** Opens what it needs itself: it works also where there is no store, or none that can be opened. */
export interface OwnStoreCommand extends CommandBase {
  opensStore: true;
  run(context: CallContext): Promise<CommandAnswer>;
}

/** One command of the command line. */
export type Command = StoreCommand | OwnStoreCommand;

/** A mistake in the call or a refusal that has no name in the catalogue; printed without a stack. */
export class CommandError extends Error {
  readonly text: Text;
  /** 1 = refused, 2 = called wrongly. */
  readonly exitCode: 1 | 2;

  constructor(text: Text, exitCode: 1 | 2 = 1) {
    super(text.en);
    this.text = text;
    this.exitCode = exitCode;
  }
}

import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { App } from '../domain/context.ts';

/** One option of a command; every one but a flag takes a value. */
export interface CommandOption {
  /** What stands for the value in the help. */
  value: string;
  text: Text;
  required?: boolean;
  multiple?: boolean;
}

/** What a command answers: for people, or with `--json` for programs. */
export interface CommandAnswer {
  json: unknown;
  /** On standard output, alone: it can be piped. */
  text: string;
  /** For the person at the keyboard, on standard error. */
  note?: Text;
}

/** What a command works with. */
export interface CommandContext {
  app: Pick<App, 'store' | 'config' | 'keyUsage'>;
  lang: Lang;
  /** The value of an option, or nothing. */
  option(name: string): string | undefined;
  /** All values of an option that may be repeated. */
  options(name: string): string[];
  /** What was given without an option name. */
  argument: string | undefined;
}

/** One command of the command line. */
export interface Command {
  /** Its words, `keys create`. */
  name: string;
  summary: Text;
  /** What stands for a value without option name, where the command takes one. */
  argument?: string;
  options: Record<string, CommandOption>;
  run(context: CommandContext): Promise<CommandAnswer>;
}

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

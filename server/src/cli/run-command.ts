import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Lang } from '@lectern/contract/lang.ts';
import { type Config, loadConfig, SettingsError } from '../config.ts';
import { createKeyUsage } from '../domain/keys/usage.ts';
import { argumentProblem } from '../kernel/argument-problem.ts';
import { createLogger } from '../kernel/logger.ts';
import { refuseIncomplete } from '../store/copy/incomplete.ts';
import { openStoreForCommand } from '../store/open.ts';
import {
  type CallContext,
  type Command,
  type CommandAnswer,
  CommandError,
  type StoreCommand,
} from './command.ts';

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** A command line that was understood. */
export interface Call {
  command: Command;
  values: Values;
  argument: string | undefined;
}

function optionsOf(command: Command): NonNullable<ParseArgsConfig['options']> {
  const own = Object.entries(command.options).map(([name, option]) => [
    name,
    { type: option.flag ? ('boolean' as const) : ('string' as const), multiple: option.multiple ?? false },
  ]);
  return {
    ...Object.fromEntries(own),
    data: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  };
}

/** Reads what follows the words of a command. Throws CommandError for what it does not take or lacks. */
export function readCall(command: Command, args: string[]): Call {
  let values: Values;
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({ args, options: optionsOf(command), allowPositionals: true }));
  } catch (thrown) {
    throw new CommandError(argumentProblem(thrown), 2);
  }
  if (values.help) return { command, values, argument: undefined };
  const [argument, extra] = positionals;
  const surplus = command.argument ? extra : argument;
  if (surplus !== undefined) {
    throw new CommandError({ en: `"${surplus}" is not expected here.`, zh: `此处不应有“${surplus}”。` }, 2);
  }
  const missing = Object.entries(command.options).find(([name, { required }]) => required && !values[name]);
  const lacking = missing ? `--${missing[0]}` : command.argument && !argument ? command.argument : undefined;
  if (lacking) throw new CommandError({ en: `${lacking} is missing.`, zh: `缺少 ${lacking}。` }, 2);
  return { command, values, argument };
}

function readConfig(dataDir: string | undefined): Config {
  try {
    return loadConfig(process.env, dataDir === undefined ? {} : { data: dataDir });
  } catch (thrown) {
    throw thrown instanceof SettingsError ? new CommandError(thrown.text) : thrown;
  }
}

function contextOf({ values, argument }: Call, config: Config, lang: Lang): CallContext {
  return {
    config,
    lang,
    argument,
    option(name) {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
    options(name) {
      const value = values[name];
      return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
    },
    flag: (name) => values[name] === true,
    say: (text) => void process.stderr.write(`${text[lang]}\n`),
  };
}

/** Runs the command. What works on a store finds it open, beside a running server or without one. */
export async function runCall(call: Call, lang: Lang): Promise<CommandAnswer> {
  const { command, values } = call;
  const config = readConfig(typeof values.data === 'string' ? values.data : undefined);
  const context = contextOf(call, config, lang);
  return command.opensStore ? command.run(context) : runOnStore(command, context);
}

async function runOnStore(command: StoreCommand, context: CallContext): Promise<CommandAnswer> {
  const { config } = context;
  const log = createLogger('silent');
  const store = await openStoreForCommand(config, log);
  const keyUsage = createKeyUsage({ store, log });
  try {
    await refuseIncomplete(store.db);
    return await command.run({ ...context, app: { store, config, keyUsage } });
  } finally {
    await keyUsage.stop();
    await store.close();
  }
}

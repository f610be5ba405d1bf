import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { Command, CommandOption } from './command.ts';
import { table } from './table.ts';

const common: Record<string, CommandOption> = {
  data: {
    value: 'DIR',
    text: { en: 'data directory (DATA_DIR, default ./data)', zh: '数据目录（DATA_DIR，默认 ./data）' },
  },
  json: { value: '', flag: true, text: { en: 'answer as JSON', zh: '以 JSON 输出' } },
  help: { value: '', flag: true, text: { en: 'this text', zh: '显示帮助' } },
};

const call = 'npm run lectern --';
const words = {
  usage: { en: 'Usage: ', zh: '用法：' },
  options: { en: 'Options:', zh: '选项：' },
  commands: { en: 'Commands:', zh: '命令：' },
  required: { en: ' (required)', zh: '（必填）' },
  more: { en: 'Options of a command: ', zh: '查看命令的选项：' },
  server: {
    en: 'Works whether the server runs or not; a running server sees every change at its next request.',
    zh: '无论服务器是否运行均可使用；运行中的服务器在下一次请求时即可看到更改。',
  },
} satisfies Record<string, Text>;

const indent = (text: string) => text.replace(/^/gm, '  ');

function optionRows(options: Record<string, CommandOption>, lang: Lang): string[][] {
  return Object.entries(options).map(([name, option]) => {
    const required = option.required ? words.required[lang] : '';
    return [`--${name} ${option.value}`.trim(), option.text[lang] + required];
  });
}

/** All commands, one line each. */
export function overview(commands: readonly Command[], lang: Lang): string {
  const rows = commands.map((command) => [
    [command.name, command.argument].filter(Boolean).join(' '),
    command.summary[lang],
  ]);
  return [
    `${words.usage[lang]}${call} <command> [options]`,
    '',
    words.commands[lang],
    indent(table(['', ''], rows).trimStart()),
    '',
    words.options[lang],
    indent(table(['', ''], optionRows(common, lang)).trimStart()),
    '',
    `${words.more[lang]}${call} keys create --help`,
    words.server[lang],
  ].join('\n');
}

/** One command with its options. */
export function commandHelp(command: Command, lang: Lang): string {
  const required = Object.entries(command.options)
    .filter(([, option]) => option.required)
    .map(([name, option]) => `--${name} ${option.value}`);
  const line = [call, command.name, command.argument, ...required, '[options]'].filter(Boolean).join(' ');
  return [
    command.summary[lang],
    '',
    `${words.usage[lang]}${line}`,
    '',
    words.options[lang],
    indent(table(['', ''], optionRows({ ...command.options, ...common }, lang)).trimStart()),
  ].join('\n');
}

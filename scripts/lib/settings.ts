import type { Lang } from '@lectern/contract/lang.ts';
import { environment } from '@lectern/server/config.ts';

const texts = {
  en: {
    other: 'English | [简体中文](settings.zh-CN.md)',
    title: 'Settings',
    introduction: `Every setting is an environment variable of the server, and none is needed. \`--port\`, \`--host\` and \`--data\` on the
command line win over \`PORT\`, \`HOST\` and \`DATA_DIR\`. What is not valid is named at the start, and nothing is started.
The command line \`npm run lectern\` reads the same variables.`,
    head: ['Variable', 'Default', 'Meaning'],
  },
  zh: {
    other: '[English](settings.md) | 简体中文',
    title: '设置',
    introduction: `所有设置都是服务器的环境变量，均可省略。命令行的 \`--port\`、\`--host\` 与 \`--data\` 优先于 \`PORT\`、\`HOST\` 与 \`DATA_DIR\`。设置无效时，启动会指明是哪一项并停止。命令行工具 \`npm run lectern\` 读取同样的变量。`,
    head: ['变量', '默认值', '含义'],
  },
} as const;

/** The whole of docs/settings.md, or of its Chinese sister, from the schema that reads the settings. */
export function renderSettings(lang: Lang): string {
  const defaults = environment.parse({}) as Record<string, unknown>;
  const rows = Object.entries(environment.shape).map(([name, schema]) => {
    const { description = '', 'x-zh': chinese } = schema.meta() ?? {};
    const value = defaults[name];
    const cells = [
      `\`${name}\``,
      value === undefined ? '' : `\`${value}\``,
      lang === 'zh' ? String(chinese) : description,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const { other, title, introduction, head } = texts[lang];
  const table = [`| ${head.join(' | ')} |`, '| --- | --- | --- |', ...rows];
  return [`# ${title}`, other, introduction, table.join('\n')].join('\n\n').concat('\n');
}

import type { Lang } from '@lectern/contract/lang.ts';
import type { Config } from './config.ts';
import type { FirstRun } from './domain/first-run/first-run.ts';
import { shownDatabase } from './store/postgres/url.ts';

/** Most names that are shown. */
const mostNames = 5;
const shown = (names: string[]) =>
  names.slice(0, mostNames).join(', ') + (names.length > mostNames ? ', …' : '');

const texts = {
  en: {
    running: 'Lectern is running at ',
    console: 'Console',
    docs: 'API documentation',
    base: 'Base URL',
    data: 'Data directory',
    database: 'Database',
    noVectors: '(without the extension "vector": searches by keywords only)',
    models: 'Models',
    between: '; ',
    unreadable: (names: string[]) => [
      `The credentials of ${names.length} ${names.length === 1 ? 'channel or model' : 'channels and models'} cannot be decrypted, so they cannot be called: ${shown(names)}.`,
      'The key is another one than they were stored with. Bring back the old one (secret.key in the data directory,',
      'or SECRET_KEY) and start again; if it is lost, enter these credentials again.',
    ],
    login: 'Log in as',
    password: 'Password',
    once: '(shown only now; keep it)',
    configured: 'as set in DEFAULT_ROOT_PSW',
    mustChange: 'It is a known default: the first login has to change it.',
    demo: 'Ask the demo app, which has read this documentation:',
    newKey: 'New key',
    question: 'Which two kinds of API key are there?',
  },
  zh: {
    running: 'Lectern 已启动：',
    console: '控制台',
    docs: 'API 文档',
    base: '基础地址',
    data: '数据目录',
    database: '数据库',
    noVectors: '（没有 vector 扩展：仅支持关键词检索）',
    models: '模型',
    between: '；',
    unreadable: (names: string[]) => [
      `${names.length} 个渠道或模型的凭证无法解密，因而不能调用：${shown(names)}。`,
      '当前密钥与保存凭证时的不同。请恢复原密钥（数据目录中的 secret.key 或 SECRET_KEY）后重新启动；',
      '如密钥已丢失，请重新填写这些凭证。',
    ],
    login: '登录用户',
    password: '密码',
    once: '（仅显示这一次，请妥善保存）',
    configured: '即 DEFAULT_ROOT_PSW 的设定值',
    mustChange: '这是众所周知的默认密码，首次登录必须修改。',
    demo: '向已读过本文档的演示应用提问：',
    newKey: '新建密钥',
    question: 'API 密钥有哪两种？',
  },
} as const;

/** Pads to a column as a terminal counts it: Chinese characters are two columns wide. */
function column(label: string): string {
  const width = [...label].reduce((sum, char) => sum + (/\p{Script=Han}/u.test(char) ? 2 : 1), 0);
  return label + ' '.repeat(Math.max(1, 19 - width));
}

/** What the operator reads after the start. Secrets stand in it at the first start only. */
export function startMessage(facts: {
  url: string;
  config: Config;
  first: FirstRun;
  models: string[];
  /** Names of the channels and models whose stored credential cannot be decrypted here. */
  unreadable: readonly string[];
  /** Whether the store can search vectors. */
  vectors: boolean;
  lang: Lang;
}): string {
  const { url, config, first, models } = facts;
  const t = texts[facts.lang];
  const row = (label: string, value: string) => `  ${column(label)}${value}`;
  const lines = ['', `  ${t.running}${url}`, ''];
  lines.push(row(t.console, `${url}/`), row(t.docs, `${url}/openapi`), row(t.base, `${url}/api`));
  lines.push(row(t.data, config.dataDir));
  if (config.databaseUrl !== undefined) {
    const shown = shownDatabase(config.databaseUrl);
    lines.push(row(t.database, facts.vectors ? shown : `${shown} ${t.noVectors}`));
  }
  lines.push(row(t.models, models.join(t.between)));
  if (facts.unreadable.length > 0)
    lines.push('', ...t.unreadable([...facts.unreadable]).map((line) => `  ${line}`));
  if (first.root.created) {
    lines.push('', row(t.login, 'root'));
    const { password, mustChange } = first.root;
    lines.push(row(t.password, password ? `${password}    ${t.once}` : t.configured));
    if (mustChange) lines.push(row('', t.mustChange));
  } else {
    lines.push('', row(t.newKey, 'npm run lectern -- keys create --name my-key'));
  }
  if (first.demo) lines.push('', `  ${t.demo}`, '', firstCurl(url, first.demo.key, t.question));
  return `${lines.join('\n')}\n\n`;
}

/** The first request someone pastes: it answers with its sources. */
function firstCurl(url: string, key: string, question: string): string {
  return `curl ${url}/api/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"detail": true, "messages": [{"role": "user", "content": "${question}"}]}'`;
}

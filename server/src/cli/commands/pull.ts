import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import { type PullReport, pullDatasets } from '../../domain/pull/pull-datasets.ts';
import { apiBase, createRemote } from '../../domain/pull/remote.ts';
import { createJobQueue } from '../../jobs/queue.ts';
import { createLogger } from '../../kernel/logger.ts';
import { createOutbound } from '../../kernel/outbound.ts';
import { createTextIndex } from '../../retrieval/text-index.ts';
import { createBlobStore } from '../../store/blobs.ts';
import { actingMember } from '../acting-member.ts';
import { type Command, type CommandAnswer, type CommandContext, CommandError } from '../command.ts';
import { slowProgress } from '../progress.ts';
import { table } from '../table.ts';

const keyVariable = 'LECTERN_PULL_KEY';

const headings: Record<Lang, string[]> = {
  en: ['DATASET', 'ID', 'COLLECTIONS', 'ITEMS'],
  zh: ['知识库', 'ID', '集合', '数据'],
};

function keyOf(given: string | undefined): string {
  const key = given ?? process.env[keyVariable]?.trim();
  if (key) return key;
  throw new CommandError(
    {
      en: `--key is missing: a global key of the other server. It can also come from the environment variable ${keyVariable}, where no list of processes shows it.`,
      zh: `缺少 --key：对方服务器的全局密钥。也可通过环境变量 ${keyVariable} 提供，这样不会出现在进程列表中。`,
    },
    2,
  );
}

function perSecondOf(given: string | undefined): number {
  const perSecond = Number(given ?? 20);
  if (perSecond > 0 && perSecond <= 1000) return perSecond;
  throw new CommandError(
    {
      en: '--per-second is a number from above 0 to 1000.',
      zh: '--per-second 须为大于 0 且不超过 1000 的数字。',
    },
    2,
  );
}

async function run({ app, option, options, flag, lang, say }: CommandContext): Promise<CommandAnswer> {
  const baseUrl = apiBase(option('from') ?? '');
  const key = keyOf(option('key'));
  const perSecond = perSecondOf(option('per-second'));
  const caller = await actingMember(app.store, { member: option('member'), team: option('team') });
  const { origin } = new URL(baseUrl);
  // Who may run commands here may name any address; where that one leads to has to be public.
  const outbound = createOutbound({ trusted: (one) => one === origin });
  const { signal } = new AbortController();
  const remote = createRemote({ baseUrl, key, perSecond, outbound, signal });
  const { store } = app;
  const log = createLogger('silent');
  const textIndex = createTextIndex({ store, log });
  // Runs nothing: what it is told of is done by the server.
  const jobs = createJobQueue({ store, log });
  const blobs = createBlobStore(app.config.dataDir);
  const tempDir = await mkdtemp(join(tmpdir(), 'lectern-pull-'));
  try {
    const report = await pullDatasets({ store, textIndex, blobs, tempDir, jobs }, caller, remote, {
      datasets: options('dataset'),
      again: flag('again'),
      prune: flag('prune'),
      progress: slowProgress(say),
    });
    return answerOf(report, lang);
  } finally {
    await jobs.stop();
    await textIndex.close();
    await rm(tempDir, { recursive: true, force: true });
  }
}

function answerOf(report: PullReport, lang: Lang): CommandAnswer {
  const { datasets, incomplete } = report;
  const rows = datasets.map(({ name, id, collections, items }) => [
    name,
    id,
    String(collections),
    String(items),
  ]);
  const embedded: Text = {
    en: 'The running server embeds what is new within a minute, or when it starts.',
    zh: '运行中的服务器会在一分钟内（或下次启动时）为新数据建立向量。',
  };
  const names = incomplete.map(({ name }) => name);
  const unread: Text = {
    en: `Changed while they were read, run the command again: ${names.join(', ')}`,
    zh: `以下集合在读取时发生变化，请再次运行命令：${names.join('、')}`,
  };
  const lines = summaryOf(report).map((text) => text[lang]);
  return {
    json: report,
    text: `${table(headings[lang], rows)}\n\n${lines.join('\n')}`,
    note: incomplete.length > 0 ? unread : embedded,
    ...(incomplete.length > 0 && { exitCode: 1 as const }),
  };
}

/** What came, and everything that did not. */
function summaryOf(report: PullReport): Text[] {
  const { added, changed, same, collectionsChanged, gone, stillForbidden, pictures, originals } = report;
  const listed = (list: { name: string }[]) => list.map(({ name }) => name);
  const goneNames = listed(gone.collections);
  const forbidden = listed(stillForbidden);
  const missing = originals.missing.map(({ name, why }) => `${name} (${why})`);
  const lines: (Text | false)[] = [
    {
      en: `${added} items added, ${changed} changed, ${same} were here already; ${collectionsChanged} collections changed; ${pictures.kept} pictures and ${originals.kept} original files kept.`,
      zh: `新增 ${added} 条数据，更新 ${changed} 条，${same} 条已存在；更新 ${collectionsChanged} 个集合；保存 ${pictures.kept} 张图片和 ${originals.kept} 个原始文件。`,
    },
    pictures.missing > 0 && {
      en: `${pictures.missing} pictures could not be fetched; the passages are here without them.`,
      zh: `${pictures.missing} 张图片无法获取，相应段落不含图片。`,
    },
    missing.length > 0 && {
      en: `Original files that could not be fetched: ${missing.join(', ')}`,
      zh: `无法获取的原始文件：${missing.join('、')}`,
    },
    forbidden.length > 0 && {
      en: `Allowed there, still forbidden here: ${forbidden.join(', ')}`,
      zh: `对方已允许、此处仍禁用：${forbidden.join('、')}`,
    },
    (gone.items > 0 || goneNames.length > 0) && goneLine(gone, goneNames),
  ];
  return lines.filter((line) => line !== false);
}

function goneLine({ pruned, items }: PullReport['gone'], names: string[]): Text {
  const en = `${items} items and ${names.length} collections${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
  const zh = `${items} 条数据和 ${names.length} 个集合${names.length > 0 ? `（${names.join('、')}）` : ''}`;
  if (pruned) return { en: `Deleted there, and now here: ${en}.`, zh: `对方已删除，此处也已删除：${zh}。` };
  return {
    en: `Deleted there and still here: ${en}. --prune deletes them.`,
    zh: `对方已删除、此处仍保留：${zh}。使用 --prune 可删除。`,
  };
}

export const pullCommand: Command = {
  name: 'pull',
  summary: {
    en: 'copy datasets from another Lectern or any server that speaks the FastGPT OpenAPI; run it again to go on or to bring what is new',
    zh: '从另一个 Lectern 或任何支持 FastGPT OpenAPI 的服务器复制知识库；再次运行可继续或获取新增内容',
  },
  options: {
    from: {
      value: 'URL',
      required: true,
      text: { en: "the other server's API, https://host/api", zh: '对方服务器的接口地址，https://host/api' },
    },
    key: {
      value: 'KEY',
      text: {
        en: `a global key of the other server; better in the environment variable ${keyVariable}`,
        zh: `对方服务器的全局密钥；建议通过环境变量 ${keyVariable} 提供`,
      },
    },
    dataset: {
      value: 'ID',
      multiple: true,
      text: {
        en: 'this dataset or folder only, by id or exact name; may be repeated',
        zh: '仅此知识库或文件夹（id 或完整名称），可重复',
      },
    },
    again: {
      value: '',
      flag: true,
      text: {
        en: 'read the indexes of items that are here already, too: a call for each item',
        zh: '同时重新读取已存在数据的索引（每条数据一次请求）',
      },
    },
    prune: {
      value: '',
      flag: true,
      text: {
        en: 'delete here what an earlier pull brought and is deleted there',
        zh: '删除此前复制、而对方已删除的内容',
      },
    },
    'per-second': {
      value: 'N',
      text: { en: 'calls in a second at most; default 20', zh: '每秒最多请求数，默认 20' },
    },
    team: { value: 'TEAM', text: { en: 'into this team, by id or name', zh: '写入此团队（id 或名称）' } },
    member: { value: 'USER', text: { en: 'in the name of this user', zh: '以此用户的身份' } },
  },
  run,
};

import { constants, existsSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config.ts';
import { createLogger } from '../../kernel/logger.ts';
import { databaseFile } from '../../store/backup/layout.ts';
import { restoringFolder } from '../../store/backup/unfinished.ts';
import { StoreStartError } from '../../store/errors.ts';
import { type Facts, factsOf } from '../../store/facts.ts';
import { migrations } from '../../store/migrations/index.ts';
import { openStoreForCommand } from '../../store/open.ts';
import { inspectDatabase } from '../../store/sqlite/inspect.ts';
import { hasLostDatabase, lostDatabase } from '../../store/sqlite/lost-database.ts';
import { explainStart } from '../../store/sqlite/start-problem.ts';
import { shownBytes } from '../bytes.ts';
import { type Finding, ok, problem, warning, wordsOf } from './finding.ts';

const largeLogBytes = 256 * 2 ** 20;

const restore = {
  en: 'Stop the server, keep the directory as it is, and restore the latest backup into another one: npm run lectern -- restore --from PATH --data DIR',
  zh: '请停止服务器，保留原目录不动，将最近的备份恢复到另一目录：npm run lectern -- restore --from PATH --data DIR',
};

/** What was found, and what the checks after it work with; absent when the store cannot be read. */
export interface StoreReport {
  findings: Finding[];
  facts?: Facts;
}

/** Looks at the store with the engine of the settings. Changes nothing. */
export function checkStore(config: Config): Promise<StoreReport> {
  return config.databaseUrl === undefined ? checkEmbedded(config.dataDir) : checkPostgres(config);
}

async function checkEmbedded(dataDir: string): Promise<StoreReport> {
  const dir = resolve(dataDir);
  const path = join(dir, databaseFile);
  if (existsSync(dir)) {
    // Where nothing may be seen, nothing is known to be missing.
    const hidden = await access(dir, constants.R_OK | constants.X_OK).catch((thrown) => thrown);
    if (hidden) return { findings: [notSeen(hidden)] };
  }
  if (existsSync(join(dir, restoringFolder))) {
    const text = { en: 'a restore was interrupted', zh: '恢复曾被中断' };
    const again = {
      en: 'Run it again with --replace.',
      zh: '请加 --replace 重新执行恢复。',
    };
    return { findings: [problem('store', text, again)] };
  }
  if (hasLostDatabase(dir))
    return { findings: [problem('store', lostDatabase.text(dir), lostDatabase.advice)] };
  if (!existsSync(path)) {
    const text = { en: `there is no Lectern data in ${dir}`, zh: `${dir} 中没有 Lectern 数据` };
    const start = {
      en: 'Start the server once (npm start), or name the directory with --data.',
      zh: '请先启动一次服务器（npm start），或用 --data 指定目录。',
    };
    return { findings: [problem('store', text, start)] };
  }
  try {
    const inspection = inspectDatabase(path);
    try {
      const findings = [
        ...checkSchema(inspection.schema()),
        ...checkIntegrity(inspection.damage()),
        ...checkReferences(inspection.danglingRows()),
        ...(await checkSizes(path)),
      ];
      const broken = findings.some(({ level }) => level === 'problem');
      return { findings, ...(!broken && { facts: inspection.facts() }) };
    } finally {
      inspection.close();
    }
  } catch (thrown) {
    return { findings: [unreadable(explainStart(thrown, dir))] };
  }
}

function notSeen(thrown: unknown): Finding {
  const { en, zh } = wordsOf(thrown);
  return problem(
    'store',
    { en: `cannot be seen: ${en}`, zh: `无法查看：${zh}` },
    {
      en: 'Run this as the user of the server.',
      zh: '请以服务器用户运行。',
    },
  );
}

function unreadable(thrown: unknown): Finding {
  if (thrown instanceof StoreStartError) return problem('store', thrown.text, restore);
  return problem(
    'store',
    { en: `cannot be read: ${wordsOf(thrown).en}`, zh: `无法读取：${wordsOf(thrown).zh}` },
    restore,
  );
}

function checkSchema(schema: string[]): Finding[] {
  const last = schema.at(-1) ?? '';
  const strange = schema.find((name, at) => migrations[at]?.name !== name);
  if (schema.length === 0 || strange !== undefined) {
    return [
      problem(
        'store',
        {
          en: strange ? `has the schema change "${strange}" of another version` : 'has no tables of Lectern',
          zh: strange ? `包含其他版本的结构变更“${strange}”` : '没有 Lectern 的数据表',
        },
        {
          en: 'Start the version of Lectern that wrote it, or restore a backup.',
          zh: '请启动写入它的 Lectern 版本，或恢复备份。',
        },
      ),
    ];
  }
  const behind = migrations.length - schema.length;
  if (behind === 0) return [ok('store', { en: `opens; schema ${last}`, zh: `可打开；数据结构 ${last}` })];
  return [
    warning(
      'store',
      {
        en: `opens; schema ${last}, ${behind} changes behind this version`,
        zh: `可打开；数据结构 ${last}，比此版本落后 ${behind} 项变更`,
      },
      {
        en: 'The next start of this version changes it, after a copy into the folder "backups".',
        zh: '此版本下次启动时会先备份到 backups 文件夹，再进行升级。',
      },
    ),
  ];
}

function checkIntegrity(damage: string[]): Finding[] {
  const [first] = damage;
  if (first === undefined) return [ok('store', { en: 'undamaged', zh: '完好' })];
  return [problem('store', { en: `damaged: ${first}`, zh: `已损坏：${first}` }, restore)];
}

function checkReferences(dangling: Record<string, number>): Finding[] {
  return Object.entries(dangling).map(([table, count]) =>
    warning(
      'store',
      {
        en: `${count} rows of ${table} refer to rows that are not there`,
        zh: `${table} 中有 ${count} 行引用了不存在的记录`,
      },
      {
        en: 'Nothing reads them. If somebody changed the database by hand, restore a backup.',
        zh: '这些记录不会被读取。如曾手动修改数据库，请恢复备份。',
      },
    ),
  );
}

async function checkSizes(path: string): Promise<Finding[]> {
  const { size } = await stat(path);
  const log = (await stat(`${path}-wal`).catch(() => undefined))?.size ?? 0;
  const text = {
    en: `${shownBytes(size)}, write-ahead log ${shownBytes(log)}`,
    zh: `${shownBytes(size)}，预写日志 ${shownBytes(log)}`,
  };
  if (log < largeLogBytes) return [ok('store', text)];
  return [
    warning('store', text, {
      en: 'Something reads for a very long time and keeps the log from being written back. Restart the server.',
      zh: '有读取持续过久，使日志无法写回。请重启服务器。',
    }),
  ];
}

async function checkPostgres(config: Config): Promise<StoreReport> {
  try {
    const store = await openStoreForCommand(config, createLogger('silent'));
    try {
      const facts = await factsOf(store);
      return { findings: checkSchema(facts.schema), facts };
    } finally {
      await store.close();
    }
  } catch (thrown) {
    if (!(thrown instanceof StoreStartError)) throw thrown;
    const wait = {
      en: 'Until it answers, requests get 503 and nothing is lost.',
      zh: '在数据库恢复应答之前，请求会得到 503，数据不会丢失。',
    };
    return { findings: [problem('store', thrown.text, wait)] };
  }
}

const rebuild = {
  en: 'Make it anew from the data: npm run lectern -- index rebuild',
  zh: '请由数据重新生成：npm run lectern -- index rebuild',
};

/** Whether every data item can be found by its words, and has the vectors that it is said to have. */
export function checkIndex({ items, indexed, withoutVectors, strayVectors }: Facts): Finding[] {
  const text = {
    en: `${indexed} of ${items} data items`,
    zh: `${items} 条数据中有 ${indexed} 条`,
  };
  const found = [items === indexed ? ok('index', text) : problem('index', text, rebuild)];
  if (withoutVectors > 0) {
    const lost = {
      en: `${withoutVectors} data items are marked as embedded and have no vector`,
      zh: `${withoutVectors} 条数据标记为已建立向量，但没有向量`,
    };
    found.push(problem('index', lost, rebuild));
  }
  if (strayVectors > 0) {
    const stray = {
      en: `${strayVectors} data items have vectors and are not marked as embedded`,
      zh: `${strayVectors} 条数据有向量，但未标记为已建立向量`,
    };
    found.push(problem('index', stray, rebuild));
  }
  return found;
}

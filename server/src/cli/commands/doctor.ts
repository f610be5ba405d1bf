import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lang } from '@lectern/contract/lang.ts';
import type { Config } from '../../config.ts';
import { createLogger } from '../../kernel/logger.ts';
import { databaseFile } from '../../store/backup/layout.ts';
import { type Facts, factsOf } from '../../store/facts.ts';
import { migrations } from '../../store/migrations/index.ts';
import { openStoreForCommand } from '../../store/open.ts';
import { inspectDatabase, type NamedFile } from '../../store/sqlite/inspect.ts';
import type { OwnStoreCommand } from '../command.ts';
import { checkFiles, checkLeftovers } from '../doctor/files.ts';
import { areas, examined, type Finding } from '../doctor/finding.ts';
import { checkClock, checkDirectory, checkDisk, checkProgram, checkSettings } from '../doctor/machine.ts';
import { checkModels } from '../doctor/models.ts';
import { checkServer } from '../doctor/server.ts';
import { checkIndex, checkStore } from '../doctor/store.ts';
import { table } from '../table.ts';

const levels = {
  ok: { en: 'ok', zh: '正常' },
  warning: { en: 'warning', zh: '警告' },
  problem: { en: 'PROBLEM', zh: '问题' },
};
const verdicts = {
  ok: { en: 'Everything is in order.', zh: '一切正常。' },
  warning: { en: 'It works; see the warnings.', zh: '可以运行，请留意警告。' },
  problem: { en: 'Something has to be done; see above.', zh: '有问题需要处理，见上文。' },
};

interface Examination {
  online: boolean;
  sweep: boolean;
  deep: boolean;
}

async function examine(config: Config, { online, sweep, deep }: Examination): Promise<Finding[]> {
  const now = Date.now();
  const { dataDir } = config;
  const directory = await checkDirectory(dataDir);
  const usable = !directory.some(({ level }) => level === 'problem');
  const isThere = await stat(dataDir).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  let facts: Facts | undefined;
  const store = await examined('store', async () => {
    const report = await checkStore(config);
    facts = report.facts;
    return report.findings;
  });
  const known: Facts | undefined = facts;
  const newest = Math.max(await newestTime(dataDir), known?.latestTime ?? 0, known?.databaseTime ?? 0);
  const readStore = known === undefined ? 'none' : canOpen(config, known, usable) ? 'open' : 'closed';
  return [
    ...checkProgram(),
    ...checkSettings(config),
    ...(await examined('server', () => checkServer(config))),
    ...directory,
    ...(isThere ? await checkLeftovers(dataDir, now) : []),
    ...(isThere ? await examined('disk', () => checkDisk(dataDir)) : []),
    ...checkClock(newest, now),
    ...store,
    ...(known ? checkIndex(known) : []),
    // Without the rows every file would look like one that nobody names.
    ...(known ? await checkFiles(dataDir, () => namedFiles(config), { sweep, deep, now }) : []),
    ...(await examined('models', () => checkModels(config, { online, readStore }))),
  ];
}

/** Opening an older store for a command would change its schema, and this command changes nothing. */
function canOpen(config: Config, { schema }: Facts, usable: boolean): boolean {
  const isCurrent = schema.join() === migrations.map(({ name }) => name).join();
  return isCurrent && (usable || config.databaseUrl !== undefined);
}

async function newestTime(dataDir: string): Promise<number> {
  const facts = await stat(join(dataDir, databaseFile)).catch(() => undefined);
  return facts?.mtimeMs ?? 0;
}

async function namedFiles(config: Config): Promise<NamedFile[]> {
  if (config.databaseUrl === undefined) {
    const inspection = inspectDatabase(join(config.dataDir, databaseFile));
    try {
      return inspection.namedFiles();
    } finally {
      inspection.close();
    }
  }
  const store = await openStoreForCommand(config, createLogger('silent'));
  try {
    return (await factsOf(store)).namedFiles;
  } finally {
    await store.close();
  }
}

function shown(findings: Finding[], lang: Lang): string {
  const rows = findings.flatMap(({ area, level, text, advice }) => [
    [levels[level][lang], areas[area][lang], text[lang]],
    ...(advice ? [['', '', `→ ${advice[lang]}`]] : []),
  ]);
  return table(['', '', ''], rows).trimStart();
}

const doctor: OwnStoreCommand = {
  name: 'doctor',
  opensStore: true,
  summary: {
    en: 'look at everything that the server needs, and say what to do; also when it does not start',
    zh: '检查服务器所需的一切并给出处理建议；服务器无法启动时也可使用',
  },
  options: {
    online: {
      value: '',
      flag: true,
      text: { en: 'also call every model once', zh: '同时调用每个模型一次' },
    },
    deep: {
      value: '',
      flag: true,
      text: {
        en: 'also read every file of a user and compare it with its sum',
        zh: '同时读取每个用户文件并与校验和比较',
      },
    },
    sweep: {
      value: '',
      flag: true,
      text: {
        en: 'remove files that nothing names and that are older than a day',
        zh: '清除超过一天且未被引用的文件',
      },
    },
  },
  async run({ config, flag, lang }) {
    const options = { online: flag('online'), sweep: flag('sweep'), deep: flag('deep') };
    const findings = await examined('program', () => examine(config, options));
    const has = (level: Finding['level']) => findings.some((finding) => finding.level === level);
    const verdict = has('problem') ? 'problem' : has('warning') ? 'warning' : 'ok';
    return {
      json: { verdict, findings },
      text: shown(findings, lang),
      note: verdicts[verdict],
      exitCode: verdict === 'problem' ? 1 : 0,
    };
  },
};

export const doctorCommands = [doctor];

import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { Manifest } from '../../store/backup/layout.ts';
import { restoreBackup } from '../../store/backup/restore.ts';
import { makePart, type TakeOptions, takeBackup } from '../../store/backup/take.ts';
import { shownDatabase } from '../../store/postgres/url.ts';
import { version } from '../../version.ts';
import { shownBytes } from '../bytes.ts';
import { CommandError, type OwnStoreCommand } from '../command.ts';
import { copyInstallation } from '../copy/copy.ts';
import { slowProgress } from '../progress.ts';
import { table } from '../table.ts';

const words = {
  made: { en: 'Backup of', zh: '备份来源' },
  restored: { en: 'Restored to', zh: '已恢复到' },
  in: { en: 'in', zh: '保存位置' },
  from: { en: 'from', zh: '备份' },
  of: { en: 'made', zh: '创建时间' },
  rows: { en: 'rows', zh: '记录数' },
  files: { en: 'files', zh: '文件数' },
  size: { en: 'size', zh: '大小' },
  schema: { en: 'schema', zh: '数据结构' },
} satisfies Record<string, Text>;

const rowsOf = ({ counts }: Manifest) => Object.values(counts).reduce((sum, count) => sum + count, 0);

function facts(manifest: Manifest, lang: Lang): string[][] {
  return [
    [words.rows[lang], String(rowsOf(manifest))],
    [words.files[lang], String(manifest.files)],
    [words.size[lang], shownBytes(manifest.bytes)],
    [words.schema[lang], manifest.schema.at(-1) ?? ''],
  ];
}

const aligned = (rows: string[][]) => table(['', ''], rows).trimStart();

/** What the person has to know of this backup. */
function noteOf({ hasSecretKey, missing, damaged }: Manifest): Text | undefined {
  const notes: Text[] = [];
  if (hasSecretKey) {
    notes.push({
      en: 'It holds the key that opens the credentials of your models (secret.key): keep it as safe as the data itself.',
      zh: '其中含有可解开模型凭证的密钥（secret.key），请像数据本身一样妥善保管。',
    });
  }
  if (missing.length + damaged.length > 0) {
    notes.push({
      en: `Attention: ${missing.length} files that the data names were not there and ${damaged.length} are not as they were stored. "npm run lectern -- doctor" names them.`,
      zh: `注意：数据引用的文件中有 ${missing.length} 个不存在，${damaged.length} 个与存入时不一致。可用 "npm run lectern -- doctor" 查看。`,
    });
  }
  if (notes.length === 0) return undefined;
  return { en: notes.map(({ en }) => en).join('\n'), zh: notes.map(({ zh }) => zh).join('\n') };
}

/** A backup is a directory with the embedded store, whatever engine it was made of. */
function refusePostgres(databaseUrl: string | undefined): void {
  if (databaseUrl === undefined) return;
  throw new CommandError({
    en: 'DATABASE_URL is set, and a backup is restored into a directory. Restore it without DATABASE_URL, then copy it into an empty database: npm run lectern -- copy --from DIR --to postgres://… --to-data NEW_DIR',
    zh: '已设置 DATABASE_URL，而备份只能恢复到目录。请在不设置 DATABASE_URL 的情况下恢复，再复制到空数据库：npm run lectern -- copy --from DIR --to postgres://… --to-data NEW_DIR',
  });
}

/** Copies a database and its files into a directory beside the backup first: one form of backup for both engines. */
async function takePostgresBackup(
  url: string,
  options: TakeOptions,
  say: (text: Text) => void,
): Promise<Manifest> {
  const directory = await makePart(options.toPath, options.dataDir);
  try {
    const report = await copyInstallation({
      from: { url },
      to: { directory },
      fromFiles: options.dataDir,
      toFiles: directory,
      replace: false,
      progress: say,
    });
    const differs = report.tables.find(({ equal }) => !equal);
    if (differs) {
      throw new CommandError({
        en: `The copy of the database differs from it in the table ${differs.table}; no backup was made. Try again, and use pg_dump meanwhile.`,
        zh: `数据库副本与原库在表 ${differs.table} 上不一致，未创建备份。请重试，并暂用 pg_dump 备份。`,
      });
    }
    return await takeBackup({ ...options, dataDir: directory });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const backup: OwnStoreCommand = {
  name: 'backup',
  opensStore: true,
  summary: {
    en: 'copy the whole installation into a folder, while the server runs',
    zh: '在服务器运行时将整个安装复制到一个文件夹',
  },
  options: {
    to: { value: 'PATH', required: true, text: { en: 'the folder to make', zh: '要创建的文件夹' } },
  },
  async run({ config, option, lang, say }) {
    const path = resolve(option('to') ?? '');
    const taking = { dataDir: resolve(config.dataDir), toPath: path, version, progress: slowProgress(say) };
    const manifest =
      config.databaseUrl === undefined
        ? await takeBackup(taking)
        : await takePostgresBackup(config.databaseUrl, taking, say);
    const note = noteOf(manifest);
    const rows = [
      [
        words.made[lang],
        config.databaseUrl === undefined ? taking.dataDir : shownDatabase(config.databaseUrl),
      ],
      [words.in[lang], path],
      ...facts(manifest, lang),
    ];
    return { json: { path, ...manifest }, text: aligned(rows), ...(note && { note }) };
  },
};

const restore: OwnStoreCommand = {
  name: 'restore',
  opensStore: true,
  summary: {
    en: 'put a backup into a data directory where no server runs',
    zh: '将备份恢复到没有服务器运行的数据目录',
  },
  options: {
    from: { value: 'PATH', required: true, text: { en: 'the folder of the backup', zh: '备份所在的文件夹' } },
    replace: {
      value: '',
      flag: true,
      text: {
        en: 'move what is in the data directory aside, within it',
        zh: '将数据目录中的现有内容移到该目录内的另一处',
      },
    },
  },
  async run({ config, option, flag, lang, say }) {
    refusePostgres(config.databaseUrl);
    const fromPath = resolve(option('from') ?? '');
    const { manifest, movedTo } = await restoreBackup({
      fromPath,
      dataDir: config.dataDir,
      replace: flag('replace'),
      progress: slowProgress(say),
    });
    const dataDir = resolve(config.dataDir);
    const rows = [
      [words.restored[lang], dataDir],
      [words.from[lang], fromPath],
      [words.of[lang], manifest.time],
      ...facts(manifest, lang),
    ];
    const moved: Text | undefined =
      movedTo === undefined
        ? undefined
        : {
            en: `What was there before is in ${movedTo}. Delete it when you no longer need it.`,
            zh: `原有内容位于 ${movedTo}，不再需要时请删除。`,
          };
    return {
      json: { dataDir, movedTo: movedTo ?? null, ...manifest },
      text: aligned(rows),
      ...(moved && { note: moved }),
    };
  },
};

export const backupCommands = [backup, restore];

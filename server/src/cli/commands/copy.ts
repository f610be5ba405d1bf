import { resolve } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { placeOf } from '../../store/copy/ends.ts';
import { type Command, CommandError } from '../command.ts';
import { type CopyReport, copyInstallation } from '../copy/copy.ts';
import { table } from '../table.ts';

const headings = {
  en: ['TABLE', 'SOURCE', 'TARGET', 'CHECKSUM', ''],
  zh: ['表', '来源', '目标', '校验和', ''],
};
const words = {
  equal: { en: 'equal', zh: '一致' },
  different: { en: 'DIFFERENT', zh: '不一致' },
} satisfies Record<string, Text>;

/** What the person has to know or do next. */
function noteOf(report: CopyReport, toFiles: string, toDatabase: boolean): Text {
  if (report.tables.some(({ equal }) => !equal)) {
    return {
      en: 'Source and target differ: the target stays marked as incomplete. Copy again with --replace.',
      zh: '来源与目标不一致，目标仍标记为不完整。请加 --replace 重新复制。',
    };
  }
  const { files, live } = report;
  const next = toDatabase
    ? {
        en: `Start the server with DATABASE_URL set to this database and DATA_DIR=${toFiles}.`,
        zh: `请将 DATABASE_URL 设为该数据库并设置 DATA_DIR=${toFiles} 后启动服务器。`,
      }
    : {
        en: `Start the server: npm start -- --data ${toFiles}`,
        zh: `启动服务器：npm start -- --data ${toFiles}`,
      };
  const lost = {
    en: `${files.missing} files of the source are missing, in the source too or cleared away meanwhile. `,
    zh: `有 ${files.missing} 个文件缺失（来源中已不存在，或在此期间被清理）。`,
  };
  const running = {
    en: 'A server is running on the source: what it has written since the copy began is not in the target. ',
    zh: '来源上有服务器正在运行：复制开始后写入的内容不在目标中。',
  };
  const parts = [...(live ? [running] : []), ...(files.missing > 0 ? [lost] : []), next];
  return { en: parts.map(({ en }) => en).join(''), zh: parts.map(({ zh }) => zh).join('') };
}

export const copyCommand: Command = {
  name: 'copy',
  summary: {
    en: 'copy an installation between a data directory and PostgreSQL, either way, and compare both',
    zh: '在数据目录与 PostgreSQL 之间复制整个安装（双向均可）并核对',
  },
  opensStore: true,
  options: {
    from: {
      value: 'PLACE',
      text: {
        en: 'a data directory, or postgres://user@host/database (password in the URL or PGPASSWORD)',
        zh: '数据目录，或 postgres://user@host/database（密码写在 URL 或 PGPASSWORD 中）',
      },
      required: true,
    },
    to: {
      value: 'PLACE',
      text: { en: 'where to: an empty directory or database', zh: '目标：空目录或空数据库' },
      required: true,
    },
    'from-data': {
      value: 'DIR',
      text: {
        en: 'data directory with the files of a PostgreSQL source (default DATA_DIR)',
        zh: 'PostgreSQL 来源的文件所在的数据目录（默认 DATA_DIR）',
      },
    },
    'to-data': {
      value: 'DIR',
      text: {
        en: 'data directory for the files of a PostgreSQL target (default DATA_DIR)',
        zh: 'PostgreSQL 目标的文件所在的数据目录（默认 DATA_DIR）',
      },
    },
    replace: {
      value: '',
      flag: true,
      text: { en: 'start over where an earlier copy was interrupted', zh: '上次复制中断后重新开始' },
    },
  },
  async run(context) {
    const from = placeOf(context.option('from') ?? '');
    const to = placeOf(context.option('to') ?? '');
    const filesAt = (place: typeof from, option: string) => {
      const named = context.option(option);
      if ('url' in place) return resolve(named ?? context.config.dataDir);
      if (named === undefined) return place.directory;
      const text = {
        en: `--${option} is for a database: a directory holds its own files.`,
        zh: `--${option} 仅用于数据库：目录自带其文件。`,
      };
      throw new CommandError(text, 2);
    };
    const toFiles = filesAt(to, 'to-data');
    const report = await copyInstallation({
      from,
      to,
      fromFiles: filesAt(from, 'from-data'),
      toFiles,
      replace: context.flag('replace'),
      progress: context.say,
    });
    const rows = report.tables.map((one) => [
      one.table,
      String(one.source),
      String(one.target),
      one.checksum,
      words[one.equal ? 'equal' : 'different'][context.lang],
    ]);
    const differs = report.tables.some(({ equal }) => !equal);
    return {
      json: report,
      text: table(headings[context.lang], rows),
      note: noteOf(report, toFiles, 'url' in to),
      ...(differs && { exitCode: 1 as const }),
    };
  },
};

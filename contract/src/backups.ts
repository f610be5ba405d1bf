import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, text } from './fields.ts';

const rootOnly = { en: 'Only the user root may call this.', zh: '仅 root 用户可以调用。' };
const described = (en: string, zh: string) => ({ en: `${en} ${rootOnly.en}`, zh: `${zh}${rootOnly.zh}` });

const which = {
  name: text(100, 1).meta(about({ en: 'Name of the backup', zh: '备份名称' })),
};

const backup = z.object({
  name: z.string(),
  state: z.enum(['making', 'ready', 'failed']),
  /** What it says of itself. */
  time: z.string(),
  version: z.string(),
  bytes: z.number(),
  files: z.number().int(),
  rows: z.number().int(),
  missing: z
    .number()
    .int()
    .meta(
      about({ en: 'Files that the data names and that are not in it', zh: '数据引用但备份中没有的文件数' }),
    ),
  error: z.string(),
  restoreCommand: z
    .string()
    .meta(about({ en: 'Restores it by hand where no server runs', zh: '在没有服务器运行时手动恢复的命令' })),
});

const exampleName = 'lectern-20261123-124000';
const example = {
  name: exampleName,
  state: 'ready',
  time: '2026-11-23T12:40:00.000Z',
  version: '0.1.0',
  bytes: 104_857_600,
  files: 37,
  rows: 51_200,
  missing: 0,
  error: '',
  restoreCommand:
    'npm run lectern -- restore --from /srv/data-backups/lectern-20261123-124000 --data /srv/data --replace',
} as const;

const staged = z
  .object({ name: z.string(), time: z.string(), by: z.string() })
  .nullable()
  .meta(
    about({
      en: 'What is restored at the next start; null = nothing',
      zh: '下次启动时将恢复的备份；null 表示无',
    }),
  );

/** Copies of the whole installation. */
export const backupEndpoints = {
  listBackups: endpoint({
    method: 'GET',
    path: '/api/core/system/backup',
    callers: ['session'],
    tag: 'backup',
    summary: { en: 'List backups', zh: '备份列表' },
    description: described(
      'The backups in the folder of backups (BACKUP_DIR), the latest first, whoever made them, and what a restore is waiting for.',
      '列出备份目录（BACKUP_DIR）中的全部备份（不论由谁创建），最新的在前，以及等待执行的恢复。',
    ),
    response: {
      kind: 'envelope',
      schema: z.object({
        directory: z.string(),
        list: z.array(backup),
        staged,
        lastRestore: z
          .object({ name: z.string(), time: z.string(), ok: z.boolean(), message: z.string() })
          .nullable(),
        canStage: z
          .boolean()
          .meta(
            about({ en: 'Whether the server restores at its next start', zh: '服务器能否在下次启动时恢复' }),
          ),
      }),
    },
    errors: ['rootOnly'],
    example: {
      response: {
        directory: '/srv/data-backups',
        list: [example],
        staged: null,
        lastRestore: null,
        canStage: true,
      },
    },
  }),

  makeBackup: endpoint({
    method: 'POST',
    path: '/api/core/system/backup',
    callers: ['session'],
    tag: 'backup',
    summary: { en: 'Make a backup', zh: '创建备份' },
    description: described(
      'A job copies the whole installation while it goes on working: database, files and the key of stored credentials, checked and with sums. Keep it as safe as the data itself. Answers its name.',
      '由任务在系统运行时复制整个安装：数据库、文件与凭证密钥，附校验和并经过检查。请像数据本身一样妥善保管。返回备份名称。',
    ),
    response: { kind: 'envelope', schema: z.object({ name: z.string() }) },
    errors: ['rootOnly', 'backupRunning'],
    example: { response: { name: exampleName } },
  }),

  deleteBackup: endpoint({
    method: 'DELETE',
    path: '/api/core/system/backup',
    callers: ['session'],
    tag: 'backup',
    summary: { en: 'Delete a backup', zh: '删除备份' },
    description: described('It cannot be brought back.', '删除后无法找回。'),
    query: z.object(which),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['rootOnly', 'backupNotFound', 'backupStaged'],
    example: { request: { name: exampleName }, response: null },
  }),

  linkBackup: endpoint({
    method: 'POST',
    path: '/api/core/system/backup/link',
    callers: ['session'],
    tag: 'backup',
    summary: { en: 'Make a link to download a backup', zh: '生成备份下载链接' },
    description: described(
      'The link needs no session, is good for ten minutes, and gives all that the backup holds, the key of stored credentials included. Who asked for it is written down.',
      '该链接无需登录，十分钟内有效，可取得备份的全部内容，包括凭证密钥。请求者会记入审计日志。',
    ),
    body: z.object(which),
    response: {
      kind: 'envelope',
      schema: z.object({
        url: z.string(),
        expireTime: z.string().meta(about({ en: 'ISO 8601', zh: 'ISO 8601 时间' })),
      }),
    },
    errors: ['rootOnly', 'backupNotFound'],
    example: {
      request: { name: exampleName },
      response: {
        url: 'http://localhost:3000/api/core/system/backup/download/eyJuYW1lIjoi.c2ln',
        expireTime: '2026-11-23T12:50:00.000Z',
      },
    },
  }),

  downloadBackup: endpoint({
    method: 'GET',
    path: '/api/core/system/backup/download/{token}',
    callers: ['public'],
    tag: 'backup',
    summary: { en: 'Download a backup', zh: '下载备份' },
    description: {
      en: 'By the signed link of `linkBackup`: a .zip of the folder. Unpack it and restore it with `npm run lectern -- restore --from FOLDER`.',
      zh: '通过 `linkBackup` 返回的签名链接下载备份文件夹的 .zip。解包后用 `npm run lectern -- restore --from 文件夹` 恢复。',
    },
    params: z.object({ token: text(4096) }),
    response: { kind: 'raw', schema: z.string(), contentType: 'application/zip' },
    errors: ['linkExpired', 'backupNotFound'],
    example: { request: { token: 'eyJuYW1lIjoi.c2ln' } },
  }),

  stageRestore: endpoint({
    method: 'POST',
    path: '/api/core/system/restore',
    callers: ['session'],
    tag: 'backup',
    summary: { en: 'Restore a backup at the next start', zh: '在下次启动时恢复备份' },
    description: described(
      'A running server cannot replace its own data. The backup is checked, and the next start restores it before anything else; what was there is moved aside within the data directory. With PostgreSQL the answer says which commands do it.',
      '运行中的服务器无法替换自己的数据。先检查该备份，下次启动时首先恢复；原有数据移到数据目录内的另一处。使用 PostgreSQL 时返回应执行的命令。',
    ),
    body: z.object(which),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['rootOnly', 'backupNotFound', 'backupUnusable', 'restoreElsewhere'],
    example: { request: { name: exampleName }, response: null },
  }),

  cancelRestore: endpoint({
    method: 'DELETE',
    path: '/api/core/system/restore',
    callers: ['session'],
    tag: 'backup',
    summary: { en: 'Do not restore after all', zh: '取消恢复' },
    description: described('The next start changes nothing.', '下次启动时不做任何更改。'),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['rootOnly'],
    example: { response: null },
  }),
} as const;

import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { fileEndpoints } from '@lectern/contract/files.ts';
import { expireFilesJobId, expireFilesKind } from '../../jobs/expire-files.ts';
import { fail } from '../../kernel/errors.ts';
import { requireChatApp } from '../chats/find-chat.ts';
import { keepFile } from '../collections/keep-file.ts';
import type { App, Caller, UploadedFile } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { fileLink, linkLifetimes } from './links.ts';
import { refuseDocument } from './refuse-file.ts';

type Endpoint = typeof fileEndpoints.uploadFile;

/** How long a file waits for a collection to take it, in milliseconds. */
export const documentWaits = 24 * 60 * 60_000;

/** Keeps a file for a dataset or a chat; unused it is gone after a day or a week. */
export async function uploadFile(
  app: Pick<App, 'store' | 'blobs' | 'jobs' | 'tokens'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  file: UploadedFile,
  origin: string,
): Promise<OutputOf<Endpoint>> {
  const bucket = input.bucketName ?? (caller.kind === 'app' ? 'chat' : 'dataset');
  const appId = bucket === 'chat' ? await chatAppOf(app, caller, input.appId) : null;
  if (bucket === 'dataset') await mayUploadDocument(app, caller, input.datasetId);
  if (bucket === 'dataset') await refuseDocument(file);
  const lifetime = bucket === 'chat' ? linkLifetimes.chat : documentWaits;
  const row = await keepFile(
    app,
    caller,
    file,
    async (fileRow) => {
      await app.store.db.insertInto('files').values(fileRow).execute();
      return fileRow;
    },
    { expireTime: Date.now() + lifetime, appId },
  );
  await expireLater(app, caller.teamId);
  const link = fileLink(app, origin, row, bucket === 'chat' ? linkLifetimes.chat : linkLifetimes.document);
  return { fileId: row.id, previewUrl: link };
}

/** Refuses who may not bring documents into a dataset: an app key, a viewer, another team's dataset. */
export async function mayUploadDocument(
  app: Pick<App, 'store'>,
  caller: Caller,
  datasetId: string | undefined,
): Promise<void> {
  if (caller.kind === 'app') {
    const [needed, given] = [
      { en: 'a global key or a session', zh: '全局密钥或登录会话' },
      { en: 'an app key', zh: '应用密钥' },
    ];
    throw fail('wrongKeyKind', { params: { needed, given } });
  }
  authorize(caller, 'dataset:write');
  if (datasetId !== undefined) await requireContentDataset(app.store.db, caller.teamId, datasetId);
}

/** Lets a job look for expired files of the team once the first of them is due. */
export async function expireLater(app: Pick<App, 'jobs'>, teamId: string): Promise<void> {
  await app.jobs.enqueueOnce(expireFilesJobId(teamId), { kind: expireFilesKind, teamId, payload: {} });
}

async function chatAppOf(
  app: Pick<App, 'store'>,
  caller: Caller,
  given: string | undefined,
): Promise<string> {
  authorize(caller, 'chat:use');
  if (caller.kind === 'app' && given && given !== caller.appId)
    throw fail('keyAppMismatch', { param: 'appId' });
  const appId = caller.kind === 'app' ? caller.appId : given;
  if (!appId) throw fail('missingParams', { params: { field: 'appId' }, param: 'appId' });
  await requireChatApp(app, caller.teamId, appId);
  return appId;
}

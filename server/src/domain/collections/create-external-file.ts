import type { sourceEndpoints } from '@lectern/contract/collection-sources.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { checkedWebAddress } from '../web/address.ts';
import { createFetchedCollection } from './create-fetched.ts';
import { withExternalFile } from './queries.ts';

type Endpoint = typeof sourceEndpoints.createExternalFileCollection;

/** Makes a collection of a file that is named by its address. */
export async function createExternalFileCollection(
  app: Pick<App, 'store' | 'jobs' | 'guard' | 'parser' | 'models'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const externalFileUrl = checkedWebAddress(app, 'externalFileUrl', input.externalFileUrl);
  const named = { ...input, name: input.filename ?? input.name ?? externalFileUrl };
  const source = {
    type: 'externalFile',
    externalFileUrl,
    externalFileId: input.externalFileId ?? null,
  } as const;
  return await createFetchedCollection(app, caller, named, source, async (trx) => {
    // No row says that nobody else makes one with this id at the same moment.
    await lockTree(app.store, trx, `knowledge ${caller.teamId}`, 'alone');
    await refuseSecond(trx, caller.teamId, input);
  });
}

/** The caller's own id names one collection of a dataset. */
async function refuseSecond(
  trx: Kysely<Database>,
  teamId: string,
  { datasetId, externalFileId }: InputOf<Endpoint>,
): Promise<void> {
  if (externalFileId === undefined) return;
  const [other] = await withExternalFile(trx, teamId, datasetId, externalFileId);
  if (!other) return;
  const details = {
    en: `The collection ${other.id} of this dataset has the externalFileId ${externalFileId} already. Delete it first (collection/delete takes datasetId and externalFileId), or send another id.`,
    zh: `该知识库的集合 ${other.id} 已使用 externalFileId ${externalFileId}。请先将其删除（collection/delete 接受 datasetId 与 externalFileId），或使用其他 id。`,
  };
  throw fail('conflict', { params: { details }, param: 'externalFileId' });
}

import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { refuseForbidden } from '../models/allowed.ts';
import { authorize } from '../policy.ts';
import { requireDatasetFolder } from './queries.ts';

/** Makes an empty dataset or a folder; answers its id. */
export async function createDataset(
  app: Pick<App, 'store' | 'models'>,
  caller: Caller,
  input: InputOf<typeof datasetEndpoints.createDataset>,
): Promise<string> {
  authorize(caller, 'dataset:write');
  refuseForbidden(app, caller, input);
  const type = input.type ?? 'dataset';
  if (type !== 'dataset' && type !== 'folder') {
    const hint = { en: 'Use "dataset" or "folder".', zh: '请使用 "dataset" 或 "folder"。' };
    throw fail('notAvailableYet', { params: { field: 'type', value: type, hint }, param: 'type' });
  }
  const parentId = input.parentId ?? null;
  const now = Date.now();
  const id = newId(now);
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${caller.teamId}`, 'together');
    await requireDatasetFolder(trx, caller.teamId, parentId);
    await trx
      .insertInto('datasets')
      .values({
        id,
        teamId: caller.teamId,
        memberId: caller.memberId,
        parentId,
        type,
        name: input.name,
        intro: input.intro ?? '',
        avatar: input.avatar ?? '',
        vectorModel: input.vectorModel || null,
        agentModel: input.agentModel || null,
        vlmModel: input.vlmModel || null,
        chunkSettings: null,
        createTime: now,
        updateTime: now,
      })
      .execute();
  });
  return id;
}

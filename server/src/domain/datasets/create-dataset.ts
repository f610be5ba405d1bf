import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { lockTree } from '../../store/locking.ts';
import { checkIcon } from '../avatars/check-avatar.ts';
import type { App, Caller } from '../context.ts';
import { refuseForbidden } from '../models/allowed.ts';
import { authorize } from '../policy.ts';
import { requireFolder } from '../tree.ts';
import { keepSyncing } from './auto-sync.ts';
import { sourceColumns } from './source-columns.ts';

/** Makes an empty dataset or a folder; answers its id. */
export async function createDataset(
  app: Pick<App, 'store' | 'models' | 'guard' | 'secrets' | 'jobs'>,
  caller: Caller,
  input: InputOf<typeof datasetEndpoints.createDataset>,
): Promise<string> {
  authorize(caller, 'dataset:write');
  refuseForbidden(app, caller, input);
  const type = input.type ?? 'dataset';
  if (type === 'feishu' || type === 'yuque' || type === 'dingtalk') {
    const hint = { en: 'Use "apiDataset".', zh: '请使用 "apiDataset"。' };
    throw fail('notAvailableYet', { params: { field: 'type', value: type, hint }, param: 'type' });
  }
  const parentId = input.parentId ?? null;
  const now = Date.now();
  const id = newId(now);
  const source = sourceColumns(app, id, input);
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${caller.teamId}`, 'together');
    await requireFolder(trx, 'datasets', caller.teamId, parentId);
    const avatar = await checkIcon(app, trx, caller, { before: '', given: input.avatar ?? '' });
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
        avatar,
        vectorModel: input.vectorModel || null,
        agentModel: input.agentModel || null,
        vlmModel: input.vlmModel || null,
        chunkSettings: null,
        ...source,
        createTime: now,
        updateTime: now,
      })
      .execute();
  });
  if (input.autoSync) await keepSyncing(app, { teamId: caller.teamId, id });
  return id;
}

import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { toJson } from '../../store/json.ts';
import { lockTree } from '../../store/locking.ts';
import { checkIcon } from '../avatars/check-avatar.ts';
import { refuseBadPattern, storedParams } from '../collections/params.ts';
import type { App, Caller } from '../context.ts';
import { refuseForbidden } from '../models/allowed.ts';
import { authorize, requireManager } from '../policy.ts';
import { refuseCycle, requireFolder } from '../tree.ts';
import { keepSyncing } from './auto-sync.ts';
import { requireDataset } from './queries.ts';
import { sourceColumns } from './source-columns.ts';

/** Changes what is given; what is absent stays. Moving needs the right to delete. */
export async function updateDataset(
  app: Pick<App, 'store' | 'models' | 'parser' | 'guard' | 'secrets' | 'jobs'>,
  caller: Caller,
  input: InputOf<typeof datasetEndpoints.updateDataset>,
): Promise<void> {
  authorize(caller, 'dataset:write');
  refuseForbidden(app, caller, input);
  const { id, parentId, chunkSettings, ...rest } = input;
  if (chunkSettings) await refuseBadPattern(app, chunkSettings);
  await app.store.db.transaction().execute(async (trx) => {
    if (parentId !== undefined) await lockTree(app.store, trx, `knowledge ${caller.teamId}`, 'alone');
    const row = await requireDataset(trx, caller.teamId, id);
    const source = sourceColumns(app, id, rest, row);
    if (parentId !== undefined) {
      if (row.parentId !== parentId) requireManager(caller, 'dataset', row.memberId);
      await requireFolder(trx, 'datasets', caller.teamId, parentId);
      await refuseCycle(trx, 'datasets', caller.teamId, [id], parentId);
    }
    const avatar =
      rest.avatar === undefined
        ? undefined
        : await checkIcon(app, trx, caller, { before: row.avatar, given: rest.avatar });
    await trx
      .updateTable('datasets')
      .set({
        ...(rest.name !== undefined && { name: rest.name }),
        ...(avatar !== undefined && { avatar }),
        ...(rest.intro !== undefined && { intro: rest.intro }),
        ...(rest.agentModel !== undefined && { agentModel: rest.agentModel || null }),
        ...(rest.vlmModel !== undefined && { vlmModel: rest.vlmModel || null }),
        ...(parentId !== undefined && { parentId }),
        ...(chunkSettings && { chunkSettings: toJson(storedParams(chunkSettings)) }),
        ...source,
        updateTime: Date.now(),
      })
      .where('teamId', '=', caller.teamId)
      .where('id', '=', id)
      .execute();
  });
  if (input.autoSync) await keepSyncing(app, { teamId: caller.teamId, id });
}

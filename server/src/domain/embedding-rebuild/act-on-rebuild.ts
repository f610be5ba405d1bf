import type { embeddingRebuildEndpoints } from '@lectern/contract/embedding-rebuild.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { cancelRebuild, removeOldIndex, rollBack, switchIndex } from './change-state.ts';
import { getRebuild } from './get-rebuild.ts';
import { buildJob } from './present.ts';
import { latestRebuild } from './queries.ts';
import { authorizeRebuild } from './start-rebuild.ts';

type Endpoint = typeof embeddingRebuildEndpoints.updateEmbeddingRebuild;

const actions = { switch: switchIndex, rollback: rollBack, cancel: cancelRebuild, removeOld: removeOldIndex };

/** Switches to the second index, back to the first, gives the second up, or clears the first away. */
export async function actOnRebuild(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  { datasetId, action }: InputOf<Endpoint>,
  lang: Lang,
): Promise<OutputOf<Endpoint>> {
  const { teamId } = caller;
  const dataset = await requireContentDataset(app.store.db, teamId, datasetId);
  authorizeRebuild(caller, dataset);
  const rebuild = await latestRebuild(app.store.db, { teamId, datasetId: dataset.id });
  if (!rebuild) throw fail('rebuildWrongState', { params: { state: '-' }, param: 'action' });
  await actions[action](app, { teamId, id: rebuild.id });
  if (action === 'cancel') {
    const job = await buildJob(app, rebuild);
    if (job) await app.jobs.cancel(teamId, job.id);
  }
  return await getRebuild(app, caller, dataset.id, lang);
}

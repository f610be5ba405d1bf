import type { embeddingRebuildEndpoints } from '@lectern/contract/embedding-rebuild.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { fromJson } from '../../store/json.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { buildJob, presentRebuild } from './present.ts';
import { latestRebuild } from './queries.ts';

/** The latest rebuild of a dataset. */
export async function getRebuild(
  app: Pick<App, 'store'>,
  caller: Caller,
  datasetId: string,
  lang: Lang,
): Promise<OutputOf<typeof embeddingRebuildEndpoints.getEmbeddingRebuild>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const dataset = await requireDataset(db, caller.teamId, datasetId);
  const row = await latestRebuild(db, { teamId: caller.teamId, datasetId: dataset.id });
  return { rebuild: row ? await presentRebuild(app, row, lang) : null };
}

/** Items of a dataset that its second index still lacks; 0 when none is being built. */
export async function rebuildingCount(
  app: Pick<App, 'store'>,
  which: { teamId: string; datasetId: string },
): Promise<number> {
  const row = await latestRebuild(app.store.db, which);
  if (row?.state !== 'building') return 0;
  const job = await buildJob(app, row);
  const { pending } = fromJson<{ pending?: number }>(job?.counts ?? null, {});
  if (pending !== undefined) return pending;
  const { n } = await app.store.db
    .selectFrom('data')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('teamId', '=', which.teamId)
    .where('datasetId', '=', which.datasetId)
    .executeTakeFirstOrThrow();
  return Number(n);
}

import type { embeddingRebuildEndpoints } from '@lectern/contract/embedding-rebuild.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { embedderOf } from '../../jobs/embedding.ts';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { lockRows } from '../../store/locking.ts';
import type { DatasetRow, EmbeddingRebuildRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { refuseForbidden } from '../models/allowed.ts';
import { authorize, presentPermission } from '../policy.ts';
import { endKeeping } from './change-state.ts';
import { presentRebuild } from './present.ts';
import { enqueuePhase, latestRebuild, unfinished } from './queries.ts';

type Endpoint = typeof embeddingRebuildEndpoints.rebuildEmbedding;
type RebuildApp = Pick<App, 'store' | 'jobs' | 'models' | 'vectorIndex' | 'embedding'>;

const defaultKeepDays = 7;

/** Who may exchange the index of a dataset: its owner, and who manages it. */
export function authorizeRebuild(caller: Caller, dataset: DatasetRow): void {
  authorize(caller, 'dataset:write');
  if (presentPermission(caller, 'dataset', dataset.memberId).hasManagePer) return;
  const needed = { en: 'its creator, admin or owner', zh: '创建者、管理员或团队所有者' };
  throw fail('teamForbidden', { params: { role: caller.role, needed } });
}

/**
 * Begins to build a second index with another embedding model while the first one answers. Where there are no vectors
 * yet there is nothing to exchange: the dataset then simply has that model.
 */
export async function startRebuild(
  app: RebuildApp,
  caller: Caller,
  input: InputOf<Endpoint>,
  lang: Lang,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const dataset = await requireContentDataset(app.store.db, teamId, input.datasetId);
  authorizeRebuild(caller, dataset);
  const current = embedderOf(app, dataset)?.id ?? (dataset.dimensions === null ? 'builtin-keyword' : null);
  if (input.vectorModel === current || input.vectorModel === dataset.vectorModel) return { rebuild: null };
  refuseForbidden(app, caller, { vectorModel: input.vectorModel });
  const embedder = app.models.embedder(input.vectorModel, caller);
  if (!embedder || !app.vectorIndex.available) {
    throw fail('modelNotFound', { params: { model: input.vectorModel }, param: 'vectorModel' });
  }
  const made = await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'datasets', teamId, [dataset.id]);
    const now = await requireContentDataset(trx, teamId, dataset.id);
    const before = await latestRebuild(trx, { teamId, datasetId: dataset.id });
    if (before && (unfinished as readonly string[]).includes(before.state)) {
      throw fail('rebuildRunning', { params: { model: before.model } });
    }
    if (now.dimensions === null || now.vectorModel === null) {
      await trx
        .updateTable('datasets')
        .set({ vectorModel: embedder.id })
        .where('teamId', '=', teamId)
        .where('id', '=', dataset.id)
        .execute();
      return undefined;
    }
    if (before?.state === 'switched') await endKeeping(app, trx, before);
    const row = newRebuild(caller, now, embedder.id, input);
    await trx.insertInto('embedding_rebuilds').values(row).execute();
    await enqueuePhase(app.jobs, trx, row, { phase: 'build' });
    return row;
  });
  app.jobs.wake();
  app.embedding.wanted(dataset.id);
  return { rebuild: made ? await presentRebuild(app, made, lang) : null };
}

function newRebuild(
  { teamId, memberId }: Caller,
  dataset: DatasetRow,
  model: string,
  input: InputOf<Endpoint>,
): EmbeddingRebuildRow {
  return {
    id: newId(),
    teamId,
    datasetId: dataset.id,
    memberId,
    state: 'building',
    switchWhen: input.switchWhen ?? 'notWorse',
    model,
    dimensions: null,
    bestEmbeddingWeight: null,
    calibratedItems: null,
    otherModel: dataset.vectorModel ?? '',
    otherDimensions: dataset.dimensions ?? 0,
    otherBestEmbeddingWeight: dataset.bestEmbeddingWeight,
    otherCalibratedItems: dataset.calibratedItems,
    refused: 0,
    evaluationId: null,
    keepDays: input.keepDays ?? defaultKeepDays,
    keepUntil: null,
    createTime: Date.now(),
    switchTime: null,
    endTime: null,
  };
}

import type { App } from '../../domain/context.ts';
import { measureVectors } from '../../domain/datasets/calibrate-dataset.ts';
import { switchIndex } from '../../domain/embedding-rebuild/change-state.ts';
import { compareIndexes } from '../../domain/embedding-rebuild/compare-indexes.ts';
import { findRebuild, type RebuildPayload, unfinished } from '../../domain/embedding-rebuild/queries.ts';
import { fail } from '../../kernel/errors.ts';
import type { EmbeddingRebuildRow } from '../../store/schema.ts';
import { toFailure } from '../failure.ts';
import { type JobHandler, type JobTools, Later } from '../job.ts';
import { buildIndex, type Place } from './build.ts';
import { answeringModel, removeVectorsOf, settleMarks } from './settle.ts';

export type RebuildApp = Pick<
  App,
  'store' | 'jobs' | 'models' | 'textIndex' | 'vectorIndex' | 'embedding' | 'search' | 'keyUsage' | 'log'
>;

/** Everything that becomes of a second index, in jobs that each can be repeated. */
export function rebuildEmbedding(app: RebuildApp): JobHandler {
  const places = new Map<string, Place>();
  return async (job, tools) => {
    const { rebuildId, phase, model } = job.payload as RebuildPayload;
    const rebuild = await findRebuild(app.store.db, job.teamId, rebuildId);
    if (!rebuild) return;
    if (phase === 'build') return await build(app, rebuild, places, tools);
    if (phase === 'follow') return await follow(app, rebuild, places, tools);
    if (phase === 'remove') {
      await removeVectorsOf(app.store, { ...rebuild, model: model ?? rebuild.model }, tools.signal);
      return;
    }
    await settleMarks(app.store, { ...rebuild, model: answeringModel(rebuild) }, tools.signal);
    app.embedding.wanted(rebuild.datasetId);
  };
}

async function build(
  app: RebuildApp,
  rebuild: EmbeddingRebuildRow,
  places: Map<string, Place>,
  tools: JobTools,
): Promise<void> {
  if (!(unfinished as readonly string[]).includes(rebuild.state)) return;
  const embedder = app.models.embedder(rebuild.model);
  if (!embedder) throw fail('modelNotFound', { params: { model: rebuild.model } });
  const refused = await buildIndex(app, rebuild, embedder, places, tools);
  if (rebuild.state === 'ready') return;
  await note(app, rebuild, { state: 'comparing', refused });
  tools.progress({ stage: 'compare' });
  const which = { teamId: rebuild.teamId, datasetId: rebuild.datasetId };
  const measured = await measureVectors(app, which, embedder, tools.signal);
  await note(app, rebuild, { bestEmbeddingWeight: measured.best, calibratedItems: measured.items });
  const now = await findRebuild(app.store.db, rebuild.teamId, rebuild.id);
  if (now?.state !== 'comparing') return;
  const isWorse = await compareIndexes(app, now, tools);
  const { switchWhen } = rebuild;
  if (switchWhen === 'always' || (switchWhen === 'notWorse' && !isWorse && refused === 0)) {
    await switchIndex(app, rebuild, ['comparing']);
  } else {
    await note(app, rebuild, { state: 'ready' });
  }
}

/**
 * Lets the old index have what was written since the new one answers, so that a roll-back finds everything at once. It is
 * no failure when its model does not work any more, which may be why it was changed: a roll-back makes up for it.
 */
async function follow(
  app: RebuildApp,
  rebuild: EmbeddingRebuildRow,
  places: Map<string, Place>,
  tools: JobTools,
): Promise<void> {
  const embedder = app.models.embedder(rebuild.otherModel);
  if (rebuild.state !== 'switched' || !embedder) return;
  try {
    await buildIndex(app, rebuild, embedder, places, tools);
  } catch (error) {
    if (error instanceof Later || toFailure(error, rebuild.id).cause !== 'model') throw error;
    places.delete(rebuild.id);
    app.log.info({ dataset: rebuild.datasetId, err: error }, 'an old index cannot follow what is written');
  }
}

/** Only of a rebuild that nobody has cancelled meanwhile. */
async function note(
  { store }: RebuildApp,
  { id, teamId }: EmbeddingRebuildRow,
  values: Partial<EmbeddingRebuildRow>,
): Promise<void> {
  await store.db
    .updateTable('embedding_rebuilds')
    .set(values)
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('state', 'in', ['building', 'comparing'])
    .execute();
}

import { unitVector } from '../../kernel/unit-vector.ts';
import type { Embedder } from '../../models/ports.ts';
import { lockRows } from '../../store/locking.ts';
import { vectorOf } from '../../store/search-index/vectors.ts';
import { broken, entries, type VectorLine, vectorLine } from './format.ts';
import type { ArchiveImport } from './import-archive.ts';

/** Items whose vectors are written in one transaction. */
const itemsAtOnce = 50;

/**
 * Takes over the vectors of an archive where this server has the model that made them, and the model still makes
 * vectors of that length. Else everything is embedded anew, as is what has no vectors in the archive.
 */
export async function importVectors(run: ArchiveImport): Promise<void> {
  const { archive, deps, dataset, tools } = run;
  const { vectors } = archive.manifest;
  if (!vectors || dataset.vectorModel !== vectors.model || !deps.vectorIndex.available) return;
  const embedder = deps.models.embedder(vectors.model);
  if (embedder?.id !== vectors.model) return;
  if ((await lengthOf(embedder, tools.signal)) !== vectors.dimensions) return;
  await deps.store.db
    .updateTable('datasets')
    .set({
      dimensions: vectors.dimensions,
      bestEmbeddingWeight: vectors.bestWeight,
      calibratedItems: vectors.measuredItems,
    })
    .where('teamId', '=', dataset.teamId)
    .where('id', '=', dataset.id)
    .execute();
  tools.progress({ stage: 'embed', percent: 90 });
  let items: VectorLine[][] = [];
  for await (const line of archive.lines(entries.vectors, vectorLine)) {
    tools.signal.throwIfAborted();
    const current = items.at(-1);
    // Those of one item stand together.
    if (current?.[0]?.dataId === line.dataId) {
      current.push(line);
      continue;
    }
    if (items.length >= itemsAtOnce) {
      await writeVectors(run, items, vectors);
      items = [];
    }
    items.push([line]);
  }
  if (items.length > 0) await writeVectors(run, items, vectors);
}

/** What the model makes now; nothing when it does not answer. */
async function lengthOf(embedder: Embedder, signal: AbortSignal): Promise<number | undefined> {
  try {
    const { vectors } = await embedder.embed(['length'], { signal, kind: 'document' });
    return vectors[0]?.length;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function writeVectors(
  { deps, dataset, idOf, tools }: ArchiveImport,
  items: VectorLine[][],
  { model, dimensions }: { model: string; dimensions: number },
): Promise<void> {
  const { teamId, id: datasetId } = dataset;
  const byId = Map.groupBy(items.flat(), ({ dataId }) => idOf(dataId));
  await deps.store.db.transaction().execute(async (trx) => {
    const waiting = await trx
      .selectFrom('data')
      .select(['id', 'collectionId'])
      .where('teamId', '=', teamId)
      .where('datasetId', '=', datasetId)
      .where('id', 'in', [...byId.keys()])
      .where('vectorModel', 'is', null)
      .execute();
    if (waiting.length === 0) return;
    const owners = [...new Set(waiting.map(({ collectionId }) => collectionId))];
    await lockRows(deps.store, trx, 'collections', teamId, owners);
    await tools.mustHold(trx);
    const vectors = waiting.flatMap(({ id, collectionId }) =>
      (byId.get(id) ?? []).map(({ part, vector }) => ({
        ...{ teamId, datasetId, collectionId, dataId: id, model },
        part: part === 'q' || part === 'a' ? part : idOf(part),
        vector: checked(vector, dimensions),
      })),
    );
    await deps.store.index.writeVectors(trx, vectors);
    await trx
      .updateTable('data')
      .set({ vectorModel: model })
      .where('teamId', '=', teamId)
      .where(
        'id',
        'in',
        waiting.map(({ id }) => id),
      )
      .execute();
  });
}

/** How far from 1 the length of a stored vector is, at most: anything else is made that long. */
const rounding = 1e-4;

function checked(base64: string, dimensions: number): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  const vector = bytes.length === 4 * dimensions ? vectorOf(bytes) : undefined;
  const length = vector && Math.hypot(...vector);
  // As it was, bit by bit: both servers find the same.
  if (vector && length !== undefined && (length === 0 || Math.abs(length - 1) < rounding)) return vector;
  const unit = vector && unitVector(vector);
  if (unit) return unit;
  throw broken('a vector is none', '存在无效的向量');
}

import type { Kysely } from 'kysely';
import type { NewVector } from '../ports.ts';
import type { Database } from '../schema.ts';

/** Rows in one statement. */
const batchSize = 50;

/** The stored form of a vector: float32, little endian. */
export function vectorBytes(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(vector.length * 4);
  const view = new DataView(bytes.buffer);
  vector.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return bytes;
}

/** A vector as it was before it was stored. */
export function vectorOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength >> 2 }, (_, i) => view.getFloat32(i * 4, true));
}

/** Adds rows to the table of vectors, which is the same on every engine. Answers their numbers, in order. */
export async function writeVectors(trx: Kysely<Database>, vectors: NewVector[]): Promise<number[]> {
  const numbers: number[] = [];
  for (let start = 0; start < vectors.length; start += batchSize) {
    const rows = vectors.slice(start, start + batchSize).map(({ vector, ...row }) => ({
      ...row,
      dimensions: vector.length,
      vector: vectorBytes(vector),
    }));
    const made = await trx.insertInto('vectors').values(rows).returning(['seq', 'dataId', 'part']).execute();
    // A long text has several vectors of one part; their numbers grow in the order of the rows.
    const seqs = Map.groupBy(made, ({ dataId, part }) => `${dataId} ${part}`);
    for (const same of seqs.values()) same.sort((a, b) => Number(b.seq) - Number(a.seq));
    for (const { dataId, part } of rows) numbers.push(seqs.get(`${dataId} ${part}`)?.pop()?.seq ?? 0);
  }
  return numbers;
}

/** Takes the vectors of data items (or of these parts of them) away, and marks the items as still to be embedded. */
export async function removeVectors(
  trx: Kysely<Database>,
  teamId: string,
  dataIds: string[],
  parts?: string[],
): Promise<void> {
  if (dataIds.length === 0) return;
  // First, and whatever the mark says: whoever embeds the same items at this moment is waited for.
  await trx
    .updateTable('data')
    .set({ vectorModel: null })
    .where('teamId', '=', teamId)
    .where('id', 'in', dataIds)
    .execute();
  // What a model said of the items as they were.
  await trx
    .deleteFrom('embedding_refusals')
    .where('teamId', '=', teamId)
    .where('dataId', 'in', dataIds)
    .execute();
  if (parts?.length === 0) return;
  let gone = trx.deleteFrom('vectors').where('teamId', '=', teamId).where('dataId', 'in', dataIds);
  if (parts) gone = gone.where('part', 'in', parts);
  await gone.execute();
}

import type { Kysely } from 'kysely';
import { lockRows } from '../../store/locking.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import type { JobHandler, JobTools } from '../job.ts';
import { dropPieces } from '../training/items.ts';
import type { ImportDeps, ImportPayload, ImportTools } from './deps.ts';
import { handOver, isMadeByModel } from './hand-over.ts';
import { importLongTable, isLongTable } from './long-table.ts';
import { replaceItems } from './replace-items.ts';
import { dropFile } from './stored-files.ts';
import { itemsOfCollection } from './trainings/index.ts';
import { findCollection, writeItems } from './write-items.ts';

export const importKind = 'import';

/**
 * Turns the file of a collection into data items. Items have ids made of the collection and their position, so a
 * repeated run (after a crash) writes what is missing and nothing twice.
 */
export function importCollection(deps: ImportDeps): JobHandler {
  return async (job, jobTools) => {
    const tools: ImportTools = { ...jobTools, job };
    const collection = await findCollection(deps.store.db, job);
    if (!collection) return;
    const { settings, keyId, replacement } = job.payload as ImportPayload;
    if (isMadeByModel(collection)) {
      if (replacement) await startOver(deps, collection, replacement.fileId, tools);
      return await handOver(deps, job, collection, tools);
    }
    if (replacement) return await replaceDocument(deps, collection, settings, replacement.fileId, tools);
    if (await isLongTable(deps, collection)) {
      return await importLongTable(deps, collection, settings, { ...tools, keyId });
    }
    const items = await itemsOfCollection(deps, collection, settings, tools);
    const total = items.length;
    tools.progress({ stage: 'write', percent: 40, counts: { total, written: 0 } });
    await writeItems(deps, collection, items, { ...tools, keyId }, (written) =>
      tools.progress({
        percent: 40 + Math.floor((60 * written) / total),
        counts: { written },
        done: { amount: written, unit: 'items' },
      }),
    );
  };
}

/** Reads another file in place of the one that the collection was made of, and drops that one in the end. */
async function replaceDocument(
  deps: ImportDeps,
  collection: CollectionRow,
  settings: ImportPayload['settings'],
  fileId: string,
  tools: ImportTools,
): Promise<void> {
  const items = await itemsOfCollection(deps, { ...collection, fileId }, settings, tools);
  await dropOldPieces(deps, collection, tools);
  await replaceItems(deps, collection, items, tools, (trx) => takeFile(trx, collection, fileId));
}

/** A model that was still to be asked about the document before is not asked: its answers would stay for ever. */
async function dropOldPieces(deps: ImportDeps, collection: CollectionRow, tools: JobTools): Promise<void> {
  await deps.store.db.transaction().execute(async (trx) => {
    await lockRows(deps.store, trx, 'collections', collection.teamId, [collection.id]);
    await tools.mustHold(trx);
    await dropPieces(trx, collection, 'all');
  });
}

/** What a model makes comes one after the other: what was made of the file before goes first. */
async function startOver(
  deps: ImportDeps,
  collection: CollectionRow,
  fileId: string,
  tools: JobTools,
): Promise<void> {
  if (collection.fileId === fileId) return;
  await replaceItems(deps, collection, [], tools, (trx) => takeFile(trx, collection, fileId));
  collection.fileId = fileId;
}

async function takeFile(trx: Kysely<Database>, collection: CollectionRow, fileId: string): Promise<void> {
  await trx
    .updateTable('collections')
    .set({ fileId, updateTime: Date.now() })
    .where('teamId', '=', collection.teamId)
    .where('id', '=', collection.id)
    .execute();
  await dropFile(trx, collection.teamId, collection.fileId === fileId ? null : collection.fileId, fileId);
}

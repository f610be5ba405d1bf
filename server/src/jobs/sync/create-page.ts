import { insertCollection, newCollectionRow } from '../../domain/collections/create-collection.ts';
import { keepFile } from '../../domain/collections/keep-file.ts';
import type { ChunkParams } from '../../domain/collections/params.ts';
import type { ImportPlan } from '../../domain/collections/plan-import.ts';
import type { UploadedFile } from '../../domain/context.ts';
import type { DatasetRow } from '../../store/schema.ts';
import type { SitePageRow } from '../../store/site-schema.ts';
import { importKind } from '../import/import-collection.ts';
import type { JobTools } from '../job.ts';
import type { SyncDeps } from './deps.ts';

/** Makes the collection of a page that was fetched; a job imports what was kept of it. Answers its id. */
export async function createPage(
  deps: SyncDeps,
  { dataset, selector, tools }: { dataset: DatasetRow; selector: string; tools: Pick<JobTools, 'mustHold'> },
  given: {
    page: SitePageRow;
    file: UploadedFile;
    title: string | undefined;
    plan: ImportPlan;
    params: ChunkParams;
  },
): Promise<string> {
  const { page, file, plan, params } = given;
  const { teamId, id: datasetId } = dataset;
  const name = given.title?.trim().slice(0, 200) || page.url;
  const metadata = selector === '' ? {} : { webPageSelector: selector };
  const id = await keepFile(deps, dataset, file, async (kept) => {
    const row = newCollectionRow(
      dataset,
      { ...params, datasetId, name, metadata },
      { type: 'link', rawLink: page.url, fileId: kept.id },
    );
    await deps.store.db.transaction().execute(async (trx) => {
      await tools.mustHold(trx);
      await trx.insertInto('files').values(kept).execute();
      await insertCollection(deps.store, trx, row);
      // With the collection, so that a stop between the two makes no second one.
      await trx
        .updateTable('site_pages')
        .set({ collectionId: row.id })
        .where('teamId', '=', teamId)
        .where('id', '=', page.id)
        .execute();
      await deps.jobs.enqueue(
        { kind: importKind, teamId, datasetId, collectionId: row.id, payload: plan },
        trx,
      );
    });
    return row.id;
  });
  deps.jobs.wake();
  return id;
}

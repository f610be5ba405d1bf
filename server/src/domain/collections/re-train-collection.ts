import type { collectionFileEndpoints } from '@lectern/contract/collection-files.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { tagNamesOf } from '../tags/collection-tags.ts';
import { type NewCollection, newCollectionRow } from './create-collection.ts';
import { insertDocument } from './insert-document.ts';
import { planImport } from './plan-import.ts';
import { requireCollection } from './queries.ts';
import { markDeleted } from './remove.ts';

type Endpoint = typeof collectionFileEndpoints.reTrainCollection;

/**
 * Imports the document of a collection anew under a new id; the old collection is gone when this resolves. Whose it
 * is and where it came from is copied from the row, never taken from the request.
 */
export async function reTrainCollection(
  app: Pick<App, 'store' | 'jobs' | 'parser' | 'models'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const { db } = app.store;
  const { teamId } = caller;
  const known = await requireCollection(db, teamId, input.collectionId);
  const dataset = await requireDataset(db, teamId, known.datasetId);
  const plan = await planImport(app, caller, dataset, input);
  const collectionId = newId();
  await db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    const old = await requireCollection(trx, teamId, input.collectionId);
    if (old.fileId === null && old.rawLink === null && old.externalFileUrl === null) throw fail('noOriginal');
    const tagNames = (await tagNamesOf(trx, teamId, [old.id])).get(old.id) ?? [];
    const { params, trainingType } = newCollectionRow(
      caller,
      { ...input, datasetId: old.datasetId, name: old.name },
      { type: old.type },
    );
    await markDeleted(app, trx, teamId, { collectionIds: [old.id] });
    const row: NewCollection = {
      ...old,
      id: collectionId,
      memberId: caller.memberId,
      trainingType,
      params,
      hash: null,
      rawTextLength: null,
      updateTime: Date.now(),
      tagNames,
    };
    await insertDocument(app, trx, row, plan);
  });
  app.jobs.wake();
  return { collectionId };
}

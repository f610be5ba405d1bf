import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { uploadEndpoints } from '@lectern/contract/uploads.ts';
import { planImport } from '../collections/plan-import.ts';
import type { App, Caller } from '../context.ts';
import { createDataset } from '../datasets/create-dataset.ts';
import { dropDataset } from '../datasets/delete-dataset.ts';
import { authorize } from '../policy.ts';
import { createFileIdCollection } from './create-file-id-collection.ts';
import { requireDocument } from './queries.ts';

type Endpoint = typeof uploadEndpoints.createDatasetWithFiles;

/** Makes a dataset and imports files into it. When one of them cannot be taken there is no dataset either. */
export async function createDatasetWithFiles(
  app: Pick<App, 'store' | 'models' | 'jobs' | 'parser'> & Parameters<typeof createDataset>[0],
  caller: Caller,
  { datasetParams, files, ...params }: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  for (const { fileId } of files) await requireDocument(app.store.db, caller.teamId, fileId);
  const { agentModel = null, vlmModel = null } = datasetParams;
  await planImport(app, caller, { agentModel, vlmModel }, params);
  const datasetId = await createDataset(app, caller, datasetParams);
  try {
    const collectionIds: string[] = [];
    for (const file of files) {
      const made = await createFileIdCollection(app, caller, { ...params, ...file, datasetId });
      collectionIds.push(made.collectionId);
    }
    return { datasetId, name: datasetParams.name, avatar: datasetParams.avatar ?? '', collectionIds };
  } catch (thrown) {
    await dropDataset(app, caller, datasetId);
    throw thrown;
  }
}

import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { collectionsManyEndpoints } from '@lectern/contract/collections-many.ts';
import { createCollection } from '../domain/collections/create-collection.ts';
import { createFileCollection } from '../domain/collections/create-file-collection.ts';
import { createTextCollection } from '../domain/collections/create-text.ts';
import { deleteCollections } from '../domain/collections/delete-collections.ts';
import { getCollection } from '../domain/collections/get-collection.ts';
import { getTrainingDetail } from '../domain/collections/get-training-detail.ts';
import { listCollections, listCollectionsOld } from '../domain/collections/list-collections.ts';
import { listCollectionIds } from '../domain/collections/list-ids.ts';
import { updateCollection } from '../domain/collections/update-collection.ts';
import { updateCollections } from '../domain/collections/update-many.ts';
import { retryCollections } from '../domain/training/retry-many.ts';
import { fail } from '../kernel/errors.ts';
import type { Handlers } from './handler.ts';

export const collectionHandlers: Handlers<typeof collectionEndpoints> = {
  createCollection: (input, { app, caller }) => createCollection(app, caller, input),
  createTextCollection: (input, { app, caller, signal }) =>
    createTextCollection(app, caller, input, { signal }),
  createFileCollection({ collectionMetadata, ...input }, { app, caller, files }) {
    const [file] = files;
    if (!file) throw fail('missingParams', { params: { field: 'file' }, param: 'file' });
    return createFileCollection(
      app,
      caller,
      { ...input, metadata: input.metadata ?? collectionMetadata },
      file,
    );
  },
  listCollections: (input, { app, caller }) => listCollections(app, caller, input),
  listCollectionsOld: (input, { app, caller }) => listCollectionsOld(app, caller, input),
  scrollCollections: (input, { app, caller }) => listCollections(app, caller, input, 'all'),
  getCollection: ({ id }, { app, caller }) => getCollection(app, caller, id),
  async updateCollection(input, { app, caller }) {
    await updateCollection(app, caller, input);
    return null;
  },
  async deleteCollection(input, { app, caller }) {
    await deleteCollections(app, caller, input);
    return null;
  },
  getTrainingDetail: ({ collectionId }, { app, caller, lang }) =>
    getTrainingDetail(app, caller, collectionId, lang),
};

export const collectionsManyHandlers: Handlers<typeof collectionsManyEndpoints> = {
  listCollectionIds: (input, { app, caller }) => listCollectionIds(app, caller, input),
  async updateCollections(input, { app, caller }) {
    await updateCollections(app, caller, input);
    return null;
  },
  async retryCollections(input, { app, caller }) {
    await retryCollections(app, caller, input);
    return null;
  },
};

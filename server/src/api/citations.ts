import type { citationEndpoints } from '@lectern/contract/citations.ts';
import { getCollectionPaths } from '../domain/collections/get-paths.ts';
import { getQuoteData } from '../domain/data/get-quote-data.ts';
import { listData } from '../domain/data/list-data.ts';
import { getDataPermission } from '../domain/datasets/get-data-permission.ts';
import type { Handlers } from './handler.ts';

export const citationHandlers: Handlers<typeof citationEndpoints> = {
  async listDataOld(input, { app, caller, origin }) {
    const { list, total } = await listData(app, caller, input, origin);
    const old = list.map(({ _id, datasetId, collectionId, q, a, chunkIndex }) => {
      return { _id, datasetId, collectionId, q, a, chunkIndex };
    });
    return { list: old, total };
  },
  getQuoteData: (input, { app, caller, origin }) => getQuoteData(app, caller, input, origin),
  getDataPermission: ({ id }, { app, caller }) => getDataPermission(app, caller, id),
  getCollectionPaths: ({ parentId }, { app, caller }) => getCollectionPaths(app, caller, parentId ?? null),
};

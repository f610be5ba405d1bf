import type { sourceEndpoints } from '@lectern/contract/collection-sources.ts';
import { createExternalFileCollection } from '../domain/collections/create-external-file.ts';
import { createLinkCollection } from '../domain/collections/create-link.ts';
import { syncCollection } from '../domain/collections/sync-collection.ts';
import { syncNow } from '../domain/datasets/auto-sync.ts';
import { urlFetch } from '../domain/web/url-fetch.ts';
import type { Handlers } from './handler.ts';

export const sourceHandlers: Handlers<typeof sourceEndpoints> = {
  createLinkCollection: (input, { app, caller }) => createLinkCollection(app, caller, input),
  createExternalFileCollection: (input, { app, caller }) => createExternalFileCollection(app, caller, input),
  async syncCollection({ collectionId }, { app, caller, lang, signal, say }) {
    const { result, reason } = await syncCollection(app, caller, collectionId, signal);
    if (reason) say(reason[lang]);
    return result;
  },
  async syncDataset({ datasetId }, { app, caller }) {
    await syncNow(app, caller, datasetId);
    return null;
  },
  urlFetch: (input, { app, caller, lang, signal }) => urlFetch(app, caller, input, { lang, signal }),
};

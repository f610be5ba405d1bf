import type { collectionFileEndpoints } from '@lectern/contract/collection-files.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { AppError } from '../../kernel/errors.ts';
import type { CollectionRow } from '../../store/schema.ts';
import { getApiAddress, requireApiServer } from '../api-datasets/api-server.ts';
import { requireReadableOrCited } from '../chats/require-cited.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { fileLink, linkLifetimes } from './links.ts';

type Endpoint = typeof collectionFileEndpoints.readCollection;

/**
 * Where the original of a collection can be read: in the system it came from, where that says where; else a signed link,
 * the address of a web page, or nowhere.
 */
export async function readCollection(
  app: Pick<App, 'store' | 'config' | 'tokens' | 'secrets' | 'outbound' | 'log'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  { origin, signal }: { origin: string; signal: AbortSignal },
): Promise<OutputOf<Endpoint>> {
  // First, so that an app key learns nothing of what was not cited to it, not even that it exists.
  await requireReadableOrCited(app, caller, input, { collectionId: input.collectionId });
  const { db } = app.store;
  const collection = await requireCollection(db, caller.teamId, input.collectionId);
  const elsewhere = await addressInSystem(app, collection, signal);
  if (elsewhere) return { type: 'url', value: elsewhere };
  // Of what was fetched the place it came from, not the copy that was read.
  const address = collection.rawLink ?? collection.externalFileUrl;
  if (collection.fileId === null || address !== null) return { type: 'url', value: address ?? '' };
  const file = await db
    .selectFrom('files')
    .selectAll()
    .where('teamId', '=', caller.teamId)
    .where('id', '=', collection.fileId)
    .executeTakeFirst();
  return { type: 'url', value: file ? fileLink(app, origin, file, linkLifetimes.document) : '' };
}

/** What the system of an API file says; nothing where it does not say, cannot be asked or names no web address. */
async function addressInSystem(
  app: Pick<App, 'store' | 'secrets' | 'outbound' | 'log'>,
  { teamId, datasetId, type, apiFileId }: CollectionRow,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (type !== 'apiFile' || apiFileId === null) return undefined;
  try {
    const server = await requireApiServer(app, teamId, datasetId);
    return (await getApiAddress(app, server, apiFileId, signal)).url;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    app.log.info({ dataset: datasetId, error: error.errorName }, 'an API server did not say where a file is');
    return undefined;
  }
}

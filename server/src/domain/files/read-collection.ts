import type { collectionFileEndpoints } from '@lectern/contract/collection-files.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { requireReadableOrCited } from '../chats/require-cited.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { fileLink, linkLifetimes } from './links.ts';

type Endpoint = typeof collectionFileEndpoints.readCollection;

/** Where the original of a collection can be read: a signed link, the address of a web page, or nowhere. */
export async function readCollection(
  app: Pick<App, 'store' | 'config' | 'tokens'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  origin: string,
): Promise<OutputOf<Endpoint>> {
  // First, so that an app key learns nothing of what was not cited to it, not even that it exists.
  await requireReadableOrCited(app, caller, input, { collectionId: input.collectionId });
  const { db } = app.store;
  const collection = await requireCollection(db, caller.teamId, input.collectionId);
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

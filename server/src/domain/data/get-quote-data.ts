import type { citationEndpoints } from '@lectern/contract/citations.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { requireReadableOrCited } from '../chats/require-cited.ts';
import type { App, Caller } from '../context.ts';
import { pictureLinks } from '../files/pictures.ts';
import { requireData } from './queries.ts';

type Endpoint = typeof citationEndpoints.getQuoteData;

/** The text of one data item, for who may read its dataset or a chat that cites it. */
export async function getQuoteData(
  app: Pick<App, 'store' | 'config' | 'tokens'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  origin: string,
): Promise<OutputOf<Endpoint>> {
  await requireReadableOrCited(app, caller, input, { dataId: input.id });
  const { row, collection } = await requireData(app.store.db, caller.teamId, input.id);
  const links = pictureLinks(app, caller.teamId, origin);
  return {
    collection: {
      _id: collection.id,
      datasetId: collection.datasetId,
      parentId: collection.parentId,
      type: collection.type,
      name: collection.name,
      ...(collection.fileId !== null && { fileId: collection.fileId }),
      ...(collection.rawLink !== null && { rawLink: collection.rawLink }),
      createTime: new Date(collection.createTime).toISOString(),
      updateTime: new Date(collection.updateTime).toISOString(),
    },
    q: links.text(row.q),
    ...(row.a !== '' && { a: links.text(row.a) }),
  };
}

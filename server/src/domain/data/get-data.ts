import type { dataEndpoints } from '@lectern/contract/data.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';
import { pictureLinks, pictureSizes } from '../files/pictures.ts';
import { lastChangedBy } from '../last-change.ts';
import { authorize } from '../policy.ts';
import { presentData } from './present.ts';
import { embeddedParts, ownIndexes, requireData } from './queries.ts';

/** One data item with all texts it is found by. */
export async function getData(
  app: Pick<App, 'store' | 'tokens'>,
  caller: Caller,
  id: string,
  origin: string,
): Promise<OutputOf<typeof dataEndpoints.getData>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const found = await requireData(db, caller.teamId, id);
  const [own, embedded] = await Promise.all([ownIndexes(db, caller.teamId, id), embeddedParts(db, found)]);
  const links = pictureLinks(app, caller.teamId, origin);
  const sizes = await pictureSizes(db, caller.teamId, [found.row]);
  const updatedBy = await lastChangedBy(db, found.row);
  return presentData(caller, found, { own, embedded, links, sizes, updatedBy });
}

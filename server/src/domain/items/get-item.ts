import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { itemEndpoints } from '@lectern/contract/items.ts';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import { fromJson } from '../../store/json.ts';
import type { CollectionRow } from '../../store/schema.ts';
import { countData, importsOf } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { tagNamesOf } from '../tags/collection-tags.ts';
import { requireItem } from './queries.ts';

type Endpoint = typeof itemEndpoints.getItem;

/** What lists and details have in common. */
export function presentItem(row: CollectionRow): OutputOf<typeof itemEndpoints.listItems>['list'][number] {
  return {
    externalId: row.externalId ?? '',
    collectionId: row.id,
    name: row.name,
    hash: row.contentHash ?? '',
    createTime: new Date(row.createTime).toISOString(),
    updateTime: new Date(row.updateTime).toISOString(),
  };
}

/** One document with an id of the caller's, and how far its import is. */
export async function getItem(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  lang: Lang,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const { teamId } = caller;
  const row = await requireItem(db, teamId, input);
  const [imports, counts, tags] = await Promise.all([
    importsOf(db, teamId, [row.id]),
    countData(db, teamId, [row.id]),
    tagNamesOf(db, teamId, [row.id]),
  ]);
  const job = imports.get(row.id);
  const open = job?.state === 'waiting' || job?.state === 'running';
  const error =
    job?.state === 'failed' ? fromJson<Text | undefined>(job.error, undefined)?.[lang] : undefined;
  return {
    ...presentItem(row),
    state: open ? 'importing' : job?.state === 'failed' ? 'failed' : 'ready',
    ...(error !== undefined && { error }),
    dataAmount: counts.get(row.id) ?? 0,
    tags: tags.get(row.id) ?? [],
    metadata: fromJson<Record<string, unknown>>(row.metadata, {}),
  };
}

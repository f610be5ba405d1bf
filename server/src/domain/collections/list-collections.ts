import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Kysely } from 'kysely';
import { embedJobId } from '../../jobs/embedding.ts';
import { containsText } from '../../store/contains.ts';
import type { Engine } from '../../store/ports.ts';
import type { Database } from '../../store/schema.ts';
import { nameOrder } from '../../store/sorted.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { tagNamesOf } from '../tags/collection-tags.ts';
import { trainingOfCollections } from '../training/queries.ts';
import { collectionsWithRefused } from '../training/refused-items.ts';
import { embeddingState } from './embedding-state.ts';
import { presentListItem } from './present.ts';
import { countChildren, countData, importsOf } from './queries.ts';

type Endpoint = typeof collectionEndpoints.listCollections;
type Input = InputOf<Endpoint>;

/**
 * A page of the collections of one folder, or of all folders: with a search text or a state, and where that is asked
 * for. Of several tags a collection needs any or all.
 */
export async function listCollections(
  app: Pick<App, 'store' | 'models' | 'vectorIndex'>,
  caller: Caller,
  input: Input,
  tagsNeeded: 'any' | 'all' = 'any',
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const { teamId } = caller;
  const dataset = await requireDataset(db, teamId, input.datasetId);
  const query = wanted(db, teamId, input, tagsNeeded);
  const { offset, limit } = pageOf(input);
  const [rows, counted] = await Promise.all([
    inOrder(app.store.engine, query, input).selectAll().limit(limit).offset(offset).execute(),
    query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirst(),
  ]);
  const ids = rows.map((row) => row.id);
  const folders = rows.filter((row) => row.type === 'folder').map((row) => row.id);
  const [data, children, imports, embedding, tags, training] = await Promise.all([
    countData(db, teamId, ids),
    countChildren(db, teamId, folders),
    importsOf(db, teamId, ids),
    embeddingState(app, dataset, ids),
    tagNamesOf(db, teamId, ids),
    trainingOfCollections(db, teamId, ids),
  ]);
  const list = rows.map((row) =>
    presentListItem(caller, row, {
      tags: tags.get(row.id) ?? [],
      job: imports.get(row.id),
      dataAmount: (row.type === 'folder' ? children : data).get(row.id) ?? 0,
      embedding,
      training: training.get(row.id),
    }),
  );
  return { list, total: Number(counted?.total ?? 0) };
}

/** The order that was asked for; what is alike in it stays in one order, so that pages do not overlap. */
export function inOrder(
  engine: Engine,
  query: ReturnType<typeof wanted>,
  { sort = 'updateTime', order = sort === 'name' ? 'asc' : 'desc' }: Pick<Input, 'sort' | 'order'>,
) {
  return query
    .$if(sort === 'name', (by) => by.orderBy((eb) => nameOrder(engine, eb.ref('name')), order))
    .$if(sort === 'size', (by) =>
      by.orderBy(
        (eb) =>
          eb
            .selectFrom('data')
            .select(eb.fn.countAll<number>().as('amount'))
            .whereRef('data.collectionId', '=', 'collections.id'),
        order,
      ),
    )
    .$if(sort === 'updateTime', (by) => by.orderBy('updateTime', order))
    .orderBy('id', order);
}

/** The collections that a list is about. */
export function wanted(
  db: Kysely<Database>,
  teamId: string,
  input: Omit<Input, 'offset' | 'pageNum' | 'pageSize'>,
  tagsNeeded: 'any' | 'all',
) {
  const searchText = input.searchText?.trim();
  let query = db
    .selectFrom('collections')
    .where('teamId', '=', teamId)
    .where('datasetId', '=', input.datasetId)
    .where('deletedTime', 'is', null);
  if (searchText) query = query.where((eb) => containsText(eb.ref('name'), searchText));
  if (input.state === 'off') query = query.where('forbid', '=', 1);
  else if (input.state) query = query.where('id', 'in', inState(db, teamId, input.datasetId, input.state));
  const everywhere = Boolean(searchText || input.state || input.allFolders);
  if (!everywhere) {
    query = input.parentId
      ? query.where('parentId', '=', input.parentId)
      : query.where('parentId', 'is', null);
  }
  if (input.selectFolder) query = query.where('type', '=', 'folder');
  const tags = [...new Set(input.filterTags ?? [])];
  for (const group of tagsNeeded === 'all' ? tags.map((tag) => [tag]) : [tags]) {
    if (group.length === 0) continue;
    query = query.where((eb) =>
      eb(
        'id',
        'in',
        eb
          .selectFrom('collection_tags')
          .innerJoin('tags', 'tags.id', 'collection_tags.tagId')
          .select('collection_tags.collectionId')
          .where('tags.datasetId', '=', input.datasetId)
          .where((tag) => tag.or([tag('tags.id', 'in', group), tag('tags.name', 'in', group)])),
      ),
    );
  }
  return query;
}

/** The collections of a dataset whose latest import, or what models were asked of them, is on its way or failed; a failed embedding counts. */
function inState(db: Kysely<Database>, teamId: string, datasetId: string, state: 'importing' | 'failed') {
  const asked = db
    .selectFrom('jobs')
    .select('jobs.collectionId as id')
    .where('jobs.teamId', '=', teamId)
    .where('jobs.datasetId', '=', datasetId)
    .where('jobs.collectionId', 'is not', null)
    .where('jobs.kind', '=', 'import')
    .where('jobs.state', 'in', state === 'failed' ? ['failed'] : ['waiting', 'running'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('jobs as later')
            .select('later.id')
            .whereRef('later.collectionId', '=', 'jobs.collectionId')
            .where('later.kind', '=', 'import')
            .whereRef('later.id', '>', 'jobs.id'),
        ),
      ),
    )
    .union(
      db
        .selectFrom('training_items')
        .select('training_items.collectionId as id')
        .where('training_items.teamId', '=', teamId)
        .where('training_items.datasetId', '=', datasetId)
        .where(
          'training_items.state',
          'in',
          state === 'failed' ? ['failed'] : ['held', 'waiting', 'running'],
        ),
    );
  if (state !== 'failed') return asked;
  return asked
    .union(collectionsWithRefused(db, teamId, datasetId))
    .union(collectionsGivenUp(db, teamId, datasetId));
}

/** Those with data that still waits for its vectors although their making has failed. */
function collectionsGivenUp(db: Kysely<Database>, teamId: string, datasetId: string) {
  return db
    .selectFrom('data')
    .select('data.collectionId as id')
    .where('data.teamId', '=', teamId)
    .where('data.datasetId', '=', datasetId)
    .where('data.vectorModel', 'is', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('jobs')
          .select('jobs.id')
          .where('jobs.teamId', '=', teamId)
          .where('jobs.id', '=', embedJobId(datasetId))
          .where('jobs.state', '=', 'failed'),
      ),
    );
}

/** The same in the shape of older programs; a collection needs all the tags. */
export async function listCollectionsOld(
  app: Pick<App, 'store' | 'models' | 'vectorIndex'>,
  caller: Caller,
  input: Input,
): Promise<OutputOf<typeof collectionEndpoints.listCollectionsOld>> {
  const { list, total } = await listCollections(app, caller, input, 'all');
  const { offset, limit } = pageOf(input);
  return { pageNum: Math.floor(offset / limit) + 1, pageSize: limit, data: list, total };
}

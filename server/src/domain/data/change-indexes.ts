import { mostIndexes } from '@lectern/contract/data-fields.ts';
import type { dataIndexEndpoints } from '@lectern/contract/data-indexes.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { fail } from '../../kernel/errors.ts';
import type { DataIndexRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { rewriteItem, type WantedItem } from './rewrite-item.ts';

type Endpoints = typeof dataIndexEndpoints;
type IndexApp = Pick<App, 'store' | 'textIndex' | 'embedding'>;
type Answer = OutputOf<Endpoints['createDataIndex']>;

/** Adds one index to an item unless it has the same already; nothing else of it is embedded anew. */
export async function createIndex(
  app: IndexApp,
  caller: Caller,
  input: InputOf<Endpoints['createDataIndex']>,
  signal: AbortSignal,
): Promise<Answer> {
  authorize(caller, 'dataset:write');
  refuseDefault(input.type);
  const { type = 'custom', text } = input;
  let same = -1;
  const { indexes, row } = await rewriteIndexes(app, caller, input, (own) => {
    same = own.findIndex((index) => index.type === type && index.text === text);
    if (same >= 0) return own;
    if (own.length >= mostIndexes) {
      throw fail('tooManyIndexes', { params: { limit: mostIndexes }, param: 'dataId' });
    }
    return [...own, { type, text }];
  });
  const embedded = await app.embedding.now(row, [row.id], signal);
  return { index: presentIndex(indexes.at(same), embedded) };
}

/** Changes one index of an item; only its own vector is made again. */
export async function updateIndex(
  app: IndexApp,
  caller: Caller,
  input: InputOf<Endpoints['updateDataIndex']>,
  signal: AbortSignal,
): Promise<Answer> {
  authorize(caller, 'dataset:write');
  refuseDefault(input.type);
  const { dataId, indexDataId, type, text } = input;
  const { indexes, row } = await rewriteIndexes(app, caller, input, (own) => {
    requireIndex(dataId, own, indexDataId);
    return own.map((index) => (index.id === indexDataId ? { ...index, text, ...(type && { type }) } : index));
  });
  const embedded = await app.embedding.now(row, [row.id], signal);
  const changed = indexes.find(({ id }) => id === indexDataId);
  return { index: presentIndex(changed, embedded) };
}

/** Takes one index away; nothing else of the item is embedded anew. */
export async function deleteIndex(
  app: IndexApp,
  caller: Caller,
  input: InputOf<Endpoints['deleteDataIndex']>,
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { dataId, indexDataId } = input;
  const { row } = await rewriteIndexes(app, caller, input, (own) => {
    requireIndex(dataId, own, indexDataId);
    return own.filter(({ id }) => id !== indexDataId);
  });
  app.embedding.wanted(row.datasetId);
}

/** Writes the item with other indexes, and the same question and answer. */
async function rewriteIndexes(
  app: IndexApp,
  caller: Caller,
  { dataId }: { dataId: string },
  change: (own: DataIndexRow[]) => WantedItem['indexes'],
) {
  const { found, indexes } = await rewriteItem(app, caller, dataId, ({ row }, own) => ({
    q: row.q,
    a: row.a,
    indexes: change(own),
  }));
  return { row: found.row, indexes };
}

function refuseDefault(type: string | undefined): void {
  if (type !== 'default') return;
  const details = {
    en: 'type: the default indexes are q and a themselves; change them by data/update',
    zh: 'type：默认索引即 q 与 a 本身，请使用 data/update 修改',
  };
  throw fail('validation', { params: { details }, param: 'type' });
}

function requireIndex(dataId: string, own: DataIndexRow[], id: string): void {
  if (id === dataId) refuseDefault('default');
  if (!own.some((index) => index.id === id)) throw fail('indexNotFound', { param: 'indexDataId' });
}

function presentIndex(index: DataIndexRow | undefined, embedded: boolean): Answer['index'] {
  if (!index) throw new Error('The index that was written is not there.');
  return { type: index.type, dataId: index.id, text: index.text, embedded };
}

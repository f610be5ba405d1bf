import type { dataEndpoints } from '@lectern/contract/data.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { fail } from '../../kernel/errors.ts';
import type { DataIndexRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { storedPictures } from '../files/pictures.ts';
import { refuseStale } from '../last-change.ts';
import { authorize } from '../policy.ts';
import { requireData } from './queries.ts';
import { rewriteItem, type WantedIndex } from './rewrite-item.ts';

type Input = InputOf<typeof dataEndpoints.updateData>;

/**
 * Changes what is given; what is absent stays. `indexes` replaces all indexes besides those of q and a; one that is
 * there already, by its id or its words, stays with its vector. With `ifUpdateTime` only as long as nobody else has
 * changed the item since (changedMeanwhile).
 */
export async function updateData(
  app: Pick<App, 'store' | 'textIndex' | 'embedding'>,
  caller: Caller,
  input: Input,
): Promise<void> {
  authorize(caller, 'dataset:write');
  if (input.q !== undefined && input.q.trim() === '') {
    const details = { en: 'q: must not be empty', zh: 'q：不能为空' };
    throw fail('validation', { params: { details }, param: 'q' });
  }
  if (input.q === undefined && input.a === undefined && input.indexes === undefined) {
    await requireData(app.store.db, caller.teamId, input.dataId);
    return;
  }
  const { found } = await rewriteItem(app, caller, input.dataId, ({ row }, own) => {
    refuseStale(row, input.ifUpdateTime);
    return {
      // What was shown had addresses of pictures that expire.
      q: input.q === undefined ? row.q : storedPictures(input.q),
      a: input.a === undefined ? row.a : storedPictures(input.a),
      indexes: input.indexes ? wantedIndexes(input.indexes, own) : own,
    };
  });
  app.embedding.wanted(found.collection.datasetId);
}

function wantedIndexes(given: NonNullable<Input['indexes']>, own: DataIndexRow[]): WantedIndex[] {
  const left = [...own];
  const take = (matches: (index: DataIndexRow) => boolean): string | undefined => {
    const at = left.findIndex(matches);
    return at < 0 ? undefined : left.splice(at, 1)[0]?.id;
  };
  const wanted = given
    .filter(({ type, text }) => type !== 'default' && text.trim() !== '')
    .map(({ dataId, type = 'custom' as const, text }) => ({ dataId, type, text }));
  // Named ones first, so that nobody else takes their place.
  const byId = wanted.map(({ dataId }) =>
    dataId === undefined ? undefined : take(({ id }) => id === dataId),
  );
  return wanted.map(({ type, text }, i) => ({
    id: byId[i] ?? take((index) => index.type === type && index.text === text),
    type,
    text,
  }));
}

import { type CollectionFilter, collectionFilter } from '@lectern/contract/collection-filter.ts';
import type { Text } from '@lectern/contract/lang.ts';
import JSON5 from 'json5';
import type { App } from '../context.ts';
import { filterProblems, notReadable } from './filter-problems.ts';
import { matchingCollections } from './matching-collections.ts';

/** Where a search looks; without `collectionIds` everywhere in its datasets. */
export interface SearchScope {
  collectionIds?: string[];
  notices: Text[];
}

/** Reads a filter and finds the collections that it leaves. What cannot be read narrows nothing, which is said. */
export async function searchScope(
  app: Pick<App, 'store'>,
  teamId: string,
  datasetIds: readonly string[],
  given: unknown,
): Promise<SearchScope> {
  const { filter, problem } = readFilter(given);
  if (problem) return { notices: [unreadable(problem)] };
  if (!filter) return { notices: [] };
  const collectionIds = await matchingCollections(app.store.db, { teamId, datasetIds }, filter);
  return { collectionIds, notices: collectionIds.length === 0 ? [nothingMatches] : [] };
}

/** `filter` is absent where nothing is asked for, and where it cannot be read (`problem`). */
export function readFilter(given: unknown): { filter?: CollectionFilter; problem?: Text } {
  let value = given;
  if (typeof value === 'string') {
    if (value.trim() === '') return {};
    try {
      value = JSON5.parse(value);
    } catch (error) {
      return { problem: notReadable(error) };
    }
  }
  if (value === null || value === undefined) return {};
  const read = collectionFilter.safeParse(value);
  if (!read.success) return { problem: filterProblems(read.error) };
  const { tags, createTime, metadata, collectionIds, parentIds } = read.data;
  const asked = [
    (tags?.$and ?? []).length + (tags?.$or ?? []).length > 0,
    Object.values(createTime ?? {}).some((time) => time !== undefined),
    Object.keys(metadata ?? {}).length > 0,
    collectionIds !== undefined,
    parentIds !== undefined,
  ];
  return asked.includes(true) ? { filter: read.data } : {};
}

const unreadable = ({ en, zh }: Text): Text => ({
  en: `The collection filter could not be read and was ignored (${en}).`,
  zh: `集合过滤条件无法解析，已忽略（${zh}）。`,
});

const nothingMatches: Text = {
  en: 'No collection matches the collection filter, so nothing was searched.',
  zh: '没有集合符合过滤条件，未进行检索。',
};

import { type CollectionFilter, collectionFilter } from '@lectern/contract/collection-filter.ts';
import type { Text } from '@lectern/contract/lang.ts';
import JSON5 from 'json5';
import type { App } from '../context.ts';
import { filterProblems, notReadable, tooDeep, tooLong, tooManyValues } from './filter-problems.ts';
import { matchingCollections } from './matching-collections.ts';

/** Characters of a filter that is JSON5 and not JSON. */
const longestText = 10_000;
/** Objects and lists in each other; no filter needs more than four. */
const deepest = 20;
/** Values that the conditions on metadata may have together. */
const mostValues = 2000;

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
  const collectionIds = await matchingCollections(app.store, { teamId, datasetIds }, filter);
  return { collectionIds, notices: collectionIds.length === 0 ? [nothingMatches] : [] };
}

/** `filter` is absent where nothing is asked for, and where it cannot be read (`problem`). */
export function readFilter(given: unknown): { filter?: CollectionFilter; problem?: Text } {
  let value = given;
  if (typeof value === 'string') {
    if (value.trim() === '') return {};
    const parsed = parsedText(value);
    if (parsed.problem) return { problem: parsed.problem };
    value = parsed.value;
  }
  if (value === null || value === undefined) return {};
  if (valuesAsked(value) > mostValues) return { problem: tooManyValues(mostValues) };
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

/** JSON of any length is read quickly; what only JSON5 allows is read by its own reader, which is slow. */
function parsedText(text: string): { value?: unknown; problem?: Text } {
  if (depthOf(text) > deepest) return { problem: tooDeep };
  try {
    return { value: JSON.parse(text) };
  } catch {
    if (text.length > longestText) return { problem: tooLong(longestText) };
  }
  try {
    return { value: JSON5.parse(text) };
  } catch (error) {
    return { problem: notReadable(error) };
  }
}

/** How many objects and lists lie in each other at most; those in quotes are none. */
function depthOf(text: string): number {
  let [depth, most, quote] = [0, 0, ''];
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i);
    if (quote !== '') {
      if (letter === '\\') i++;
      else if (letter === quote) quote = '';
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '[' || letter === '{') most = Math.max(most, ++depth);
    else if (letter === ']' || letter === '}') depth--;
  }
  return most;
}

/** How many values the conditions on metadata have together. */
function valuesAsked(filter: unknown): number {
  const entriesOf = (value: unknown): unknown[] =>
    typeof value === 'object' && value !== null ? Object.values(value) : [value];
  if (typeof filter !== 'object' || filter === null || !('metadata' in filter)) return 0;
  const conditions = entriesOf(filter.metadata).flatMap(entriesOf);
  return conditions.reduce<number>((sum, one) => sum + (Array.isArray(one) ? one.length : 1), 0);
}

const unreadable = ({ en, zh }: Text): Text => ({
  en: `The collection filter could not be read and was ignored (${en}).`,
  zh: `集合过滤条件无法解析，已忽略（${zh}）。`,
});

const nothingMatches: Text = {
  en: 'No collection matches the collection filter, so nothing was searched.',
  zh: '没有集合符合过滤条件，未进行检索。',
};

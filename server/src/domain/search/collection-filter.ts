import { type CollectionFilter, collectionFilter } from '@lectern/contract/collection-filter.ts';
import type { Text } from '@lectern/contract/lang.ts';
import JSON5 from 'json5';
import type { z } from 'zod';
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

/** Reads a filter and finds the collections that it leaves. What cannot be read of it narrows nothing, which is said. */
export async function searchScope(
  app: Pick<App, 'store'>,
  teamId: string,
  datasetIds: readonly string[],
  given: unknown,
): Promise<SearchScope> {
  const { filter, problem } = readFilter(given);
  const notices = problem ? [unreadable(problem, filter !== undefined)] : [];
  if (!filter) return { notices };
  const collectionIds = await matchingCollections(app.store, { teamId, datasetIds }, filter);
  return { collectionIds, notices: collectionIds.length === 0 ? [...notices, nothingMatches] : notices };
}

/** `filter` is absent where nothing is asked for, and where nothing of it can be read (`problem`). */
export function readFilter(given: unknown): { filter?: CollectionFilter; problem?: Text } {
  let value = given;
  if (typeof value === 'string') {
    if (value.trim() === '') return {};
    const parsed = parsedText(value);
    if (parsed.problem) return { problem: parsed.problem };
    value = parsed.value;
  }
  if (value === null || value === undefined) return {};
  const { read, problem } = readParts(value);
  return { ...(read && asksAnything(read) && { filter: read }), ...(problem && { problem }) };
}

/** Reads what can be read: a word too many must not lift the conditions beside it. */
function readParts(value: unknown): { read?: CollectionFilter; problem?: Text } {
  if (valuesAsked(value) > mostValues) {
    const { read } = readParts({ ...(value as object), metadata: undefined });
    return { ...(read && { read }), problem: tooManyValues(mostValues) };
  }
  const whole = collectionFilter.safeParse(value);
  if (whole.success) return { read: whole.data };
  const problem = filterProblems(whole.error);
  const rest = without(value, whole.error.issues);
  const read = rest === undefined ? undefined : collectionFilter.safeParse(rest).data;
  return { ...(read && { read }), problem };
}

/** A filter without what is wrong with it: unknown names, and values together with the name they are given to. */
function without(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const rest: object = structuredClone(value);
  for (const issue of issues) {
    // An entry of a list is no name: the whole list goes.
    const entry = issue.path.findIndex((part) => typeof part === 'number');
    const path = entry === -1 ? issue.path : issue.path.slice(0, entry);
    if (issue.code === 'unrecognized_keys') for (const name of issue.keys) drop(rest, [...path, name]);
    else drop(rest, path);
  }
  return rest;
}

function drop(from: object, path: readonly PropertyKey[]): void {
  let place: unknown = from;
  for (const name of path.slice(0, -1)) {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, name)) return;
    place = Reflect.get(place, name);
  }
  const name = path.at(-1);
  if (name !== undefined && typeof place === 'object' && place !== null) Reflect.deleteProperty(place, name);
}

function asksAnything({ tags, createTime, metadata, collectionIds, parentIds }: CollectionFilter): boolean {
  return (
    (tags?.$and ?? []).length + (tags?.$or ?? []).length > 0 ||
    Object.values(createTime ?? {}).some((time) => time !== undefined) ||
    Object.keys(metadata ?? {}).length > 0 ||
    collectionIds !== undefined ||
    parentIds !== undefined
  );
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

const unreadable = ({ en, zh }: Text, inPart: boolean): Text =>
  inPart
    ? {
        en: `A part of the collection filter could not be read and was ignored (${en}); the rest holds.`,
        zh: `集合过滤条件中有一部分无法解析，已忽略（${zh}），其余条件仍然有效。`,
      }
    : {
        en: `The collection filter could not be read and was ignored (${en}).`,
        zh: `集合过滤条件无法解析，已忽略（${zh}）。`,
      };

const nothingMatches: Text = {
  en: 'No collection matches the collection filter, so nothing was searched.',
  zh: '没有集合符合过滤条件，未进行检索。',
};

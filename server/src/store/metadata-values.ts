/*
 * What collections can be filtered by of their metadata: every value by its name and type. The metadata itself stays
 * with the collection as JSON; these rows can be made from it at any time.
 */

export type MetadataKind = 'number' | 'boolean' | 'date' | 'text';

/** One value; of a list each entry is one. */
export interface MetadataValue {
  /** The key; those of objects inside are joined by dots. */
  name: string;
  kind: MetadataKind;
  /** As written, cut to what an index can hold. */
  text: string;
  /** Of a number itself, also where a text is written like one; of a boolean 0 or 1, of a date its milliseconds since 1970. */
  number: number | null;
}

/** Values of one collection that can be filtered by; what is beyond is kept and shown only. */
const mostValues = 200;
const deepest = 4;
export const mostCharacters = 500;
const nameCharacters = 200;

const date = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** Other ways to write a date that are read as one: 2026/1/31, 1/31/2026, 31 Jan 2026, January 31, 2026, each with a time. */
const day =
  /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}\/\d{1,2}\/\d{4}|([a-z]{3,9},? )?(\d{1,2} [a-z]{3,9}|[a-z]{3,9} \d{1,2}),? \d{4})(,?[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?)?( ?(Z|GMT|UTC|[+-]\d{2}:?\d{2}))?$/i;

/** The time of a date, without a zone in UTC. `undefined` = it is no date. */
export function timeOfDate(text: string): number | undefined {
  if (text.length > 60) return undefined;
  const match = date.exec(text);
  if (match) {
    const zone = match[1] !== undefined && match[4] === undefined ? 'Z' : '';
    return timeOf(text.replace(' ', 'T') + zone);
  }
  const loose = day.exec(text);
  return loose ? timeOf(loose[8] === undefined ? `${text} UTC` : text) : undefined;
}

function timeOf(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** The number that a value is, or that a text is written like. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  if (typeof value === 'string' && !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value))
    return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A scalar as it is filtered; `undefined` for what is none. */
export function metadataValue(name: string, value: unknown): MetadataValue | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) {
    return { name, kind: 'number', text: String(value), number: value };
  }
  if (typeof value === 'boolean')
    return { name, kind: 'boolean', text: String(value), number: value ? 1 : 0 };
  if (typeof value !== 'string') return undefined;
  const time = timeOfDate(value);
  const text = cutText(value);
  return time === undefined
    ? { name, kind: 'text', text, number: numberOf(text) ?? null }
    : { name, kind: 'date', text, number: time };
}

/** A text as far as it is compared. */
export const cutText = (text: string): string =>
  text.slice(0, mostCharacters).replaceAll('\0', '').toWellFormed();

/** Every value of a collection's metadata. */
export function metadataValues(metadata: unknown): MetadataValue[] {
  const values: MetadataValue[] = [];
  const collect = (name: string, value: unknown, depth: number): void => {
    if (values.length >= mostValues || name.length > nameCharacters) return;
    if (Array.isArray(value)) {
      // A list in a list has no name of its own.
      for (const entry of value) if (!Array.isArray(entry)) collect(name, entry, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= deepest) return;
      for (const [key, inner] of Object.entries(value)) {
        collect(name === '' ? key : `${name}.${key}`, inner, depth + 1);
      }
    } else {
      const found = name === '' ? undefined : metadataValue(cutText(name), value);
      if (found) values.push(found);
    }
  };
  collect('', metadata, 0);
  return values;
}

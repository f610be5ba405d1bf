import { markLine, withoutPrivateUse } from '../../kernel/positions.ts';
import { cellOf, lineOf, rowLine, ruleOf, tableOf } from './tables.ts';

/** What JSON can hold. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

type JsonObject = { [key: string]: JsonValue };

/** A table has at most so many columns and characters in a cell; other records are sections. */
const mostColumns = 60;
const longestCell = 400;
/** Headings of Markdown end here; what is deeper is written as JSON. */
const deepestHeading = 6;

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: JsonValue): value is string | number | boolean | null =>
  typeof value !== 'object' || value === null;

function plain(value: string | number | boolean | null): string {
  return value === null ? '' : withoutPrivateUse(String(value));
}

/** A value as headings, lists and tables. */
export function jsonMarkdown(value: JsonValue): string {
  return blocksOf(value, 1).join('\n\n');
}

/** Records that stand in lines of a file, each with its line: one table where they are alike, else sections. */
export function recordsMarkdown(records: { row: number; value: JsonValue }[]): string {
  const table = tableRows(records.map(({ value }) => value));
  if (table) {
    const [header = [], ...rows] = table;
    const lines = rows.map((cells, i) => rowLine(cells, records[i]?.row ?? 0));
    return [lineOf(header), ruleOf(header.length), ...lines].join('\n');
  }
  return records
    .map(({ row, value }) => {
      const [first = '', ...rest] = sectionOf(value, `${row}`, 1);
      return [markLine(first, { row }), ...rest].join('\n\n');
    })
    .join('\n\n');
}

function blocksOf(value: JsonValue, level: number): string[] {
  if (isScalar(value)) return [plain(value)].filter((text) => text !== '');
  if (level > deepestHeading) return [fenced(value)];
  if (Array.isArray(value)) return arrayBlocks(value, level);
  return objectBlocks(value, level);
}

function arrayBlocks(values: JsonValue[], level: number): string[] {
  if (values.every(isScalar)) {
    const items = values.map((value) => plain(value)).filter((text) => text !== '');
    return items.length === 0 ? [] : [items.map((text) => `- ${inItem(text)}`).join('\n')];
  }
  const table = tableRows(values) ?? matrixRows(values);
  if (table) return [tableOf(table)];
  return values.flatMap((value, i) => sectionOf(value, `${i + 1}`, level));
}

/** Its plain values first, as a list; then a heading for each value with parts. */
function objectBlocks(object: JsonObject, level: number): string[] {
  const entries = Object.entries(object);
  const list: string[] = [];
  const sections: string[] = [];
  for (const [key, value] of entries) {
    const name = plain(key).replace(/\s+/g, ' ').trim();
    const text = isScalar(value) ? plain(value) : shortList(value);
    if (text === undefined) {
      const inside = blocksOf(value, level + 1);
      if (inside.length > 0) sections.push(heading(name, level), ...inside);
    } else if (text.includes('\n\n') || text.length > longestCell) sections.push(heading(name, level), text);
    else if (text !== '') list.push(`- ${name}: ${inItem(text)}`);
  }
  return [...(list.length > 0 ? [list.join('\n')] : []), ...sections];
}

/** A record with a heading: what it calls itself, or its number. */
function sectionOf(value: JsonValue, number: string, level: number): string[] {
  if (!isObject(value)) return blocksOf(value, level);
  const names = ['title', 'name', 'question', 'subject', 'label', 'id', '标题', '名称', '问题'];
  const named = names
    .map((name) => value[name])
    .find((name) => typeof name === 'string' && name.trim() !== '');
  const title = typeof named === 'string' ? plain(named).replace(/\s+/g, ' ').trim().slice(0, 200) : number;
  return [heading(title, level), ...objectBlocks(value, level + 1)];
}

const heading = (name: string, level: number): string =>
  `${'#'.repeat(Math.min(deepestHeading, level))} ${name === '' ? '-' : name}`;
const inItem = (text: string): string => text.trim().replace(/\n+/g, '\n  ');

/** A few plain values as one text; undefined for everything else. */
function shortList(value: JsonValue): string | undefined {
  if (!Array.isArray(value) || !value.every(isScalar)) return undefined;
  const text = value.map((item) => plain(item)).join(', ');
  return text.length <= longestCell && !text.includes('\n') ? text : undefined;
}

function fenced(value: JsonValue): string {
  const text = withoutPrivateUse(JSON.stringify(value, null, 2));
  return `\`\`\`json\n${text}\n\`\`\``;
}

/** Header and rows of records with short values; objects in them give columns `outer.inner`. */
function tableRows(values: JsonValue[]): string[][] | undefined {
  if (values.length < 2 || !values.every(isObject)) return undefined;
  const columns = new Map<string, number>();
  const rows: Map<string, string>[] = [];
  for (const value of values) {
    const row = new Map<string, string>();
    if (!flatten(value, '', row, 1)) return undefined;
    for (const name of row.keys()) if (!columns.has(name)) columns.set(name, columns.size);
    if (columns.size > mostColumns) return undefined;
    rows.push(row);
  }
  // Records that have little in common are no table.
  const filled = rows.reduce((sum, row) => sum + row.size, 0);
  if (columns.size === 0 || filled < 0.3 * columns.size * rows.length) return undefined;
  const names = [...columns.keys()];
  return [names.map(cellOf), ...rows.map((row) => names.map((name) => row.get(name) ?? ''))];
}

/** False where a value is too long or too deep for a cell. */
function flatten(object: JsonObject, prefix: string, row: Map<string, string>, depth: number): boolean {
  for (const [key, value] of Object.entries(object)) {
    const name = prefix + plain(key);
    const text = isScalar(value) ? plain(value) : shortList(value);
    if (text === undefined) {
      if (!isObject(value) || depth >= 3 || !flatten(value, `${name}.`, row, depth + 1)) return false;
    } else if (text.length > longestCell) return false;
    else row.set(name, cellOf(text));
  }
  return true;
}

/** Rows of plain values, the first of which are the names. */
function matrixRows(values: JsonValue[]): string[][] | undefined {
  if (values.length < 2) return undefined;
  const rows: string[][] = [];
  for (const value of values) {
    if (!Array.isArray(value) || value.length === 0 || value.length > mostColumns || !value.every(isScalar))
      return undefined;
    rows.push(value.map((cell) => cellOf(plain(cell))));
  }
  return rows;
}

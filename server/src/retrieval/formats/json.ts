import type { Text } from '@lectern/contract/lang.ts';
import JSON5 from 'json5';
import { fail } from '../../kernel/errors.ts';
import { decodeText } from './encoding.ts';
import type { Format, ReadDocument } from './format.ts';
import { type JsonValue, jsonMarkdown, recordsMarkdown } from './json-markdown.ts';
import { notebookMarkdown } from './notebook.ts';
import { tidy } from './text.ts';

const damaged = (problem: Text): Text => ({
  en: `it is no valid JSON: ${problem.en}`,
  zh: `文件不是有效的 JSON：${problem.zh}`,
});

/** Where a text is no JSON; what the parser says of it is English. */
function problemOf(error: Error, text: string): Text {
  const at = /position (\d+)/.exec(error.message)?.[1];
  const before = text.slice(0, at === undefined ? text.length : Number(at)).split('\n');
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  const ends = at === undefined || Number(at) >= text.length;
  return { en: error.message, zh: ends ? '内容不完整或格式有误' : `第 ${line} 行第 ${column} 列附近有误` };
}

/** Data as people read it: records as tables, other structures as headings and lists. */
export const jsonFormat: Format = {
  name: 'JSON',
  extensions: ['json', 'jsonl', 'ndjson', 'json5', 'geojson', 'ipynb'],
  maxBytes: 30e6,
  read({ name, bytes }) {
    const { text } = decodeText(bytes);
    if (/\.(?:jsonl|ndjson)$/i.test(name)) return linesDocument(text);
    const value = valueIn(text);
    if (value === undefined) return linesDocument(text);
    const notebook = /\.ipynb$/i.test(name) ? notebookMarkdown(value) : undefined;
    return { markdown: tidy(notebook ?? jsonMarkdown(value)) };
  },
};

/** Undefined where the text is several values, one a line. Comments and final commas do no harm. */
function valueIn(text: string): JsonValue | undefined {
  try {
    return exactly(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (lineValues(text)) return undefined;
    // The other parser is far slower, and settings with comments are short.
    if (text.length > 2e6) throw unreadable(error, text);
    try {
      return JSON5.parse(text) as JsonValue;
    } catch {
      throw unreadable(error, text);
    }
  }
}

const unreadable = (error: Error, text: string) =>
  fail('fileUnreadable', { params: { details: damaged(problemOf(error, text)) }, cause: error });

/** Whole numbers too large for a number keep all their digits. */
function exactly(text: string): JsonValue {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as JsonValue;
  const revive = (_: string, value: JsonValue, context?: { source?: string }): JsonValue =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? (context?.source ?? value)
      : value;
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown) as JsonValue;
}

/** The values of lines that each hold one; undefined where the first lines do not. */
function lineValues(text: string): boolean {
  const lines = text
    .split('\n', 20)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length < 2) return false;
  const whole = text.length > lines.join('\n').length ? lines.slice(0, -1) : lines;
  return whole.every((line) => {
    try {
      return typeof JSON.parse(line) === 'object';
    } catch {
      return false;
    }
  });
}

/** The records of lines; bad ones are left out and counted, unless they are the most. */
function linesDocument(text: string): ReadDocument {
  const records: { row: number; value: JsonValue }[] = [];
  let bad = 0;
  let first: { line: number; error: SyntaxError } | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      records.push({ row: i + 1, value: exactly(line) });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      bad += 1;
      first ??= { line: i + 1, error };
    }
  }
  if (first && bad >= records.length) {
    const { line, error } = first;
    const details = damaged({
      en: `line ${line}: ${error.message}${bad > 1 ? ` (and ${bad - 1} more lines)` : ''}`,
      zh: `第 ${line} 行有误${bad > 1 ? `（另有 ${bad - 1} 行）` : ''}`,
    });
    throw fail('fileUnreadable', { params: { details }, cause: error });
  }
  return { markdown: tidy(recordsMarkdown(records)), ...(bad > 0 && { linesLeftOut: bad }) };
}

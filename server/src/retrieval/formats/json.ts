import type { Text } from '@lectern/contract/lang.ts';
import JSON5 from 'json5';
import { fail } from '../../kernel/errors.ts';
import { decodeText } from './encoding.ts';
import type { Format } from './format.ts';
import { type JsonValue, jsonMarkdown, recordsMarkdown } from './json-markdown.ts';
import { notebookMarkdown } from './notebook.ts';
import { tidy } from './text.ts';

const damaged = (detail: string): Text => ({
  en: `it is no valid JSON: ${detail}`,
  zh: `文件不是有效的 JSON：${detail}`,
});

/** Data as people read it: records as tables, other structures as headings and lists. */
export const jsonFormat: Format = {
  name: 'JSON',
  extensions: ['json', 'jsonl', 'ndjson', 'json5', 'geojson', 'ipynb'],
  maxBytes: 30e6,
  read({ name, bytes }) {
    const { text } = decodeText(bytes);
    if (/\.(?:jsonl|ndjson)$/i.test(name)) return { markdown: tidy(linesMarkdown(text)) };
    const value = valueIn(text);
    if (value === undefined) return { markdown: tidy(linesMarkdown(text)) };
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
    if (text.length > 2e6) throw unreadable(error);
    try {
      return JSON5.parse(text) as JsonValue;
    } catch {
      throw unreadable(error);
    }
  }
}

const unreadable = (error: Error) =>
  fail('fileUnreadable', { params: { details: damaged(error.message) }, cause: error });

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

function linesMarkdown(text: string): string {
  const records: { row: number; value: JsonValue }[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      records.push({ row: i + 1, value: exactly(line) });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const where: Text = damaged(`line ${i + 1}: ${error.message}`);
      throw fail('fileUnreadable', { params: { details: where }, cause: error });
    }
  }
  return recordsMarkdown(records);
}

import { withoutPrivateUse } from '../../kernel/positions.ts';
import { fencedCode } from './fence.ts';
import type { JsonValue } from './json-markdown.ts';

/** Characters of what a cell printed that are kept. */
const longestOutput = 2000;

type Fields = { [key: string]: JsonValue } | undefined;
const fields = (value: JsonValue | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
const list = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);

/** A text of a notebook is written as one, or as its lines. */
function textOf(value: JsonValue | undefined): string {
  const text = Array.isArray(value) ? value.filter((line) => typeof line === 'string').join('') : value;
  return typeof text === 'string' ? withoutPrivateUse(text) : '';
}

/** A Jupyter notebook: its prose, its code and what that printed. Undefined where the value is none. */
export function notebookMarkdown(value: JsonValue): string | undefined {
  const book = fields(value);
  if (!book || !Array.isArray(book.cells)) return undefined;
  const info = fields(fields(book.metadata)?.language_info);
  const language = textOf(info?.name) || 'python';
  return book.cells
    .flatMap((cell) => {
      const { cell_type: type, source, outputs } = fields(cell) ?? {};
      const text = textOf(source);
      if (text.trim() === '') return [];
      if (type !== 'code') return [text];
      const printed = list(outputs)
        .map(outputText)
        .filter((output) => output.trim() !== '');
      return [fencedCode(text, language), ...printed.map((output) => fencedCode(output, ''))];
    })
    .join('\n\n');
}

function outputText(output: JsonValue): string {
  const { text, data } = fields(output) ?? {};
  return (textOf(text) || textOf(fields(data)?.['text/plain'])).slice(0, longestOutput);
}

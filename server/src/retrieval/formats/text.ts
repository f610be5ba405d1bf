import { decodeText } from './encoding.ts';
import type { Format } from './format.ts';

/** Line ends of one kind, no blanks at line ends, no more than one empty line in a row. */
export function tidy(text: string): string {
  return (
    text
      .replace(/\r\n?|\u2028|\u2029/g, '\n')
      // Begins at the first blank of a run only: otherwise a run of n takes n² steps.
      .replace(/(?<![ \t\f\v])[ \t\f\v]+$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  );
}

/** Plain text in any common encoding. It is kept as it is: signs of Markdown in it do no harm. */
export const textFormat: Format = {
  name: 'Text',
  extensions: ['txt', 'text', 'log'],
  maxBytes: 50e6,
  read: ({ bytes }) => ({ markdown: tidy(decodeText(bytes).text) }),
};

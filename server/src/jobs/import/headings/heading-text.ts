import { startMark, withoutPrivateUse } from '../../../kernel/positions.ts';
import type { Piece, TextLine } from './text-lines.ts';

/** A heading that a model gave: before which line of its piece (from 1), how deep, and what it says. */
export type Heading = [line: number, level: number, title: string];

const longestTitle = 120;
const mostHeadings = 500;

/** Asks where the sections of a piece begin. Only numbers and titles are asked for: the text stays as it is. */
export function headingPrompt({ lines }: Piece): string {
  const numbered = lines.map(({ shown }, i) => `${i + 1}: ${shown}`).join('\n');
  return `A text is to be divided into sections with headings. Its lines follow, each behind its number; long ones are cut short. Say before which lines a new subject begins, and give each section a heading of a few words in the language of the text.
- Most sections hold several lines. Give no heading where the subject goes on.
- Where a line is a heading already though it is not marked as one, give its number and its own words.
- Lines that begin with # are marked headings: give them none.
- Levels: 1 for the title of a whole text, 2 for a section, 3 for a part of a section.
Answer with one line for each heading, number|level|heading, and nothing else. Without any, answer: none

An answer looks like this:
1|2|How tea came to Europe
7|3|The first ships

<Lines>
${numbered}
</Lines>`;
}

const answerLine =
  /^\s{0,4}(?:[*-]\s{1,4})?[*`]{0,2}(\d{1,5})\s{0,3}[|｜]\s{0,3}([1-6])\s{0,3}[|｜]\s{0,3}(\S.*)$/;

/** The headings in an answer, in order, one for a line at most; what says something else is passed over. */
export function readHeadings(
  { lines }: Piece,
  { text, cutOff }: { text: string; cutOff: boolean },
): Heading[] {
  const said = text.split('\n');
  // The last line of a model that had no room left may be half a line.
  if (cutOff) said.pop();
  const found = new Map<number, Heading>();
  for (const one of said) {
    const [, number = '', level = '', words = ''] = answerLine.exec(one.slice(0, 1_000)) ?? [];
    const line = lines[Number(number) - 1];
    const title = tidy(words);
    if (!line || line.isHeading || title === '' || found.has(Number(number))) continue;
    if (found.size < mostHeadings) found.set(Number(number), [Number(number), Number(level), title]);
  }
  return [...found.values()].sort(([a], [b]) => a - b);
}

/** Nothing in a title may be taken for a picture, a link, markup or a mark. */
function tidy(words: string): string {
  const plain = withoutPrivateUse(words)
    .replace(/[[\]<>`|\p{Cc}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[#*_\s]+|[#*_\s]+$/g, '');
  return /[\p{L}\p{N}]/u.test(plain) ? plain.slice(0, longestTitle).trim() : '';
}

/**
 * Puts headings between the lines of a document. A line that is the heading itself is marked as one; nothing else is
 * changed, and nothing left out.
 */
export function insertHeadings(
  markdown: string,
  pieces: readonly Piece[],
  headingsOf: (piece: Piece) => readonly Heading[],
  deepest: number,
): string {
  const lines = markdown.split('\n');
  for (const [i, piece] of pieces.entries()) {
    for (const [number, level, title] of headingsOf(piece)) {
      const line = piece.lines[number - 1];
      const text = line && lines[line.at];
      if (line === undefined || text === undefined) continue;
      // A text has one title, at its beginning; what is deeper than the splitter looks would divide nothing.
      const least = i === 0 && number === 1 ? 1 : 2;
      const sharps = '#'.repeat(Math.min(Math.max(level, least), Math.max(1, deepest)));
      lines[line.at] = saysTheSame(line, title)
        ? `${sharps} ${text.trimStart()}`
        : `${sharps} ${startMark(text)}${title}\n\n${text}`;
    }
  }
  return lines.join('\n');
}

/** List items, quotes and tables stay what they are. */
const markedOtherwise = /^(?:[-+*>]\s|[|`~>])/;

function saysTheSame({ shown }: TextLine, title: string): boolean {
  return !markedOtherwise.test(shown) && wordsOf(shown) === wordsOf(title);
}

/** Without numbers before it and signs around it. */
function wordsOf(text: string): string {
  const words = text.replace(/^[\p{N}\p{P}\p{S}\s]+/u, '').replace(/[\p{P}\p{S}\s]+/gu, ' ');
  return words.trim().toLowerCase() || text.trim();
}

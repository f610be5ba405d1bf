import { createHash } from 'node:crypto';
import { readableMarkdown } from '../../../kernel/pictures.ts';
import { withoutMarks } from '../../../kernel/positions.ts';

/** A line of a document that says something. */
export interface TextLine {
  /** Its place among all lines. */
  at: number;
  /** As people read it, cut short. */
  shown: string;
  isHeading: boolean;
}

/** What a model is asked about at once. */
export interface Piece {
  /** The same for the same lines. */
  key: string;
  lines: TextLine[];
}

/** Characters of a line that are shown: what it is about stands at its beginning. */
const shownOfLine = 240;
const shownOfPiece = 6_000;
/** A text with fewer characters to a heading counts as one that has headings. */
const charactersOfSection = 20_000;

const fence = /^ {0,3}(`{3,}|~{3,})/;
const headingLine = /^ {0,3}#{1,8}[ \t]+\S/;

/** The lines that a section can begin with, and the headings there are: nothing inside of code and tables. */
export function textLines(markdown: string): TextLine[] {
  const found: TextLine[] = [];
  let code: string | undefined;
  let inTable = false;
  for (const [at, line] of markdown.split('\n').entries()) {
    const mark = fence.exec(line.slice(0, 100))?.[1];
    const wasInCode = code !== undefined;
    if (code !== undefined) {
      if (line.trim().startsWith(code)) code = undefined;
    } else code = mark;
    const wasInTable = inTable;
    inTable = line.includes('|');
    if (wasInCode || (wasInTable && inTable)) continue;
    // Cut before it is read: a line may be as long as a document.
    const text = readableMarkdown(line.slice(0, 4 * shownOfLine)).trim();
    if (!/[\p{L}\p{N}]/u.test(text)) continue;
    const shown = text.length > shownOfLine ? `${text.slice(0, shownOfLine)}…` : text;
    found.push({ at, shown, isHeading: headingLine.test(withoutMarks(line.slice(0, shownOfLine))) });
  }
  return found;
}

/** Whether a text has headings to speak of: a title alone divides nothing. */
export function hasHeadings(lines: readonly TextLine[], length: number): boolean {
  const headings = lines.filter(({ isHeading }) => isHeading).length;
  return headings >= Math.max(2, length / charactersOfSection);
}

/** Divides lines into pieces; the same lines always into the same ones. Without lines to head there is none. */
export function piecesOf(lines: readonly TextLine[]): Piece[] {
  const pieces: TextLine[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    size += line.shown.length + 8;
    if (size > shownOfPiece) {
      pieces.push([]);
      size = line.shown.length;
    }
    pieces.at(-1)?.push(line);
  }
  return pieces
    .filter((piece) => piece.some(({ isHeading }) => !isHeading))
    .map((piece) => ({ key: keyOf(piece), lines: piece }));
}

function keyOf(lines: readonly TextLine[]): string {
  const text = JSON.stringify(lines.map(({ shown, isHeading }) => [shown, isHeading]));
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

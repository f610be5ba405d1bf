import { markLine, markOf } from '../../kernel/positions.ts';
import type { Line, Piece } from './pdf-lines.ts';

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。、；：？！（）《》「」『』“”…]/u;
const listMark =
  /^(?:[•▪◦‣·●○■□–—*-]|\(?\d{1,3}[.)、]|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)\s*\S/;
const sentenceEnd = /[.!?。！？：:;；”"'）)]$/;

/** The font size that most of the text has. */
export function sizeOfBody(lines: Line[]): number {
  const lengths = new Map<number, number>();
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 2) / 2;
    lengths.set(rounded, (lengths.get(rounded) ?? 0) + text.length);
  }
  return [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
}

/** The lines of a page in reading order. */
export interface Page {
  /** Counted from 1; absent where nobody would speak of pages. */
  number?: number;
  lines: Line[];
}

/**
 * Joins the lines of a document into paragraphs of Markdown: headings by their size, rows of tables line by line, and
 * a mark where a page begins.
 */
export function paragraphs(pages: Page[], bodySize: number): string {
  const parts: string[] = [];
  let before: Line | undefined;
  for (const { number, lines } of pages) {
    for (const [i, line] of lines.entries()) {
      const begins = i === 0 && number !== undefined ? { page: number } : undefined;
      const glue = before ? between(before, line, bodySize, i === 0) : '';
      if (glue === undefined) {
        // Only the last line is looked at: paragraphs may be as long as the document.
        const [end, more] = joined(parts.pop() ?? '', line.text);
        parts.push(end, begins ? markOf(begins) : '', more);
      } else {
        const text = heading(headingLevel(line, bodySize)) + line.text;
        parts.push(glue, begins ? markLine(text, begins) : text);
      }
      before = line;
    }
  }
  return parts.join('');
}

/** What stands between two lines; nothing where the second goes on in the paragraph of the first. */
function between(before: Line, line: Line, bodySize: number, newPage: boolean): string | undefined {
  const [last, level] = [headingLevel(before, bodySize), headingLevel(line, bodySize)];
  if (level > 0 && level === last && !newPage && near(before, line)) return undefined;
  if (level > 0 || last > 0) return '\n\n';
  if (newPage) return goesOnOverleaf(before, line) ? undefined : '\n\n';
  if (before.region !== line.region && !runsOn(before, line)) return '\n\n';
  if (isRow(before) || isRow(line)) return near(before, line) ? '\n' : '\n\n';
  if (listMark.test(line.text)) return '\n';
  return startsParagraph(before, line) ? '\n\n' : undefined;
}

const isRow = (line: Line): boolean => line.cells > 1;
const heading = (level: number): string => (level > 0 ? `${'#'.repeat(level)} ` : '');

function headingLevel(line: Line, bodySize: number): number {
  if (line.text.length > 150 || !/\p{L}/u.test(line.text) || isRow(line)) return 0;
  const ratio = line.size / bodySize;
  return ratio >= 1.6 ? 1 : ratio >= 1.35 ? 2 : ratio >= 1.15 && !/[,，]$/.test(line.text) ? 3 : 0;
}

/** Whether two lines stand as close as lines of one paragraph do. */
function near(before: Line, line: Line): boolean {
  const gap = before.y - line.y;
  return gap > 0 && gap < 1.75 * Math.max(before.size, line.size);
}

/** A sentence that goes on at the top of the next column. */
function runsOn(before: Line, line: Line): boolean {
  return !sentenceEnd.test(before.text) && /^\p{Ll}/u.test(line.text) && line.y > before.y;
}

/** A sentence that goes on at the top of the next page. Chinese has no small letters: there the line must be full. */
function goesOnOverleaf(before: Line, line: Line): boolean {
  if (isRow(before) || isRow(line) || sentenceEnd.test(before.text) || listMark.test(line.text)) return false;
  if (Math.abs(before.size - line.size) > 0.1 * line.size) return false;
  if (/^\p{Ll}/u.test(line.text)) return true;
  const full = before.right > rightOf(before.region) - 2 * before.size;
  return full && cjk.test(before.text.at(-1) ?? '') && cjk.test(line.text[0] ?? '');
}

const rightOf = (region: Piece[]): number =>
  region.reduce((most, { right }) => Math.max(most, right), Number.NEGATIVE_INFINITY);

function startsParagraph(before: Line, line: Line): boolean {
  if (before.region !== line.region) return false;
  if (!near(before, line)) return true;
  const rightEdge = rightOf(line.region);
  const leftEdge = line.region.reduce((least, { left }) => Math.min(least, left), before.left);
  const width = rightEdge - leftEdge;
  const endsShort = before.right < rightEdge - 0.12 * width && sentenceEnd.test(before.text);
  const indented = line.left > before.left + line.size && sentenceEnd.test(before.text);
  return endsShort || indented;
}

/** Two lines that stand one after the other: a word broken at the line's end is made whole, Chinese gets no blank. */
function joined(text: string, line: string): [string, string] {
  const hyphenated = /(\p{L}+(?:-\p{L}+)*)[-\u00ad\u2010]$/u.exec(text);
  if (hyphenated) {
    const broken = /^\p{Ll}/u.test(line) && !(hyphenated[1] ?? '').includes('-');
    return [broken ? text.slice(0, -1) : text, line];
  }
  const last = text.at(-1) ?? '';
  return [cjk.test(last) && cjk.test(line[0] ?? '') ? text : `${text} `, line];
}

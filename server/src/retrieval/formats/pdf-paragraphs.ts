import type { Line } from './pdf-lines.ts';

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

/** Joins the lines of a page into paragraphs of Markdown: headings by their size, rows of tables line by line. */
export function paragraphs(lines: Line[], bodySize: number): string {
  let result = '';
  let before: Line | undefined;
  for (const line of lines) {
    const level = headingLevel(line, bodySize);
    if (!before) result = heading(level) + line.text;
    else if (level > 0 && level === headingLevel(before, bodySize) && near(before, line))
      result = joined(result, line.text);
    else if (level > 0 || headingLevel(before, bodySize) > 0) result += `\n\n${heading(level)}${line.text}`;
    else if (before.region !== line.region && !runsOn(before, line)) result += `\n\n${line.text}`;
    else if (isRow(before) || isRow(line)) result += (near(before, line) ? '\n' : '\n\n') + line.text;
    else if (listMark.test(line.text)) result += `\n${line.text}`;
    else if (startsParagraph(before, line)) result += `\n\n${line.text}`;
    else result = joined(result, line.text);
    before = line;
  }
  return result;
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

function startsParagraph(before: Line, line: Line): boolean {
  if (before.region !== line.region) return false;
  if (!near(before, line)) return true;
  const rightEdge = Math.max(...line.region.map((piece) => piece.right));
  const leftEdge = Math.min(before.left, ...line.region.map((piece) => piece.left));
  const width = rightEdge - leftEdge;
  const endsShort = before.right < rightEdge - 0.12 * width && sentenceEnd.test(before.text);
  const indented = line.left > before.left + line.size && sentenceEnd.test(before.text);
  return endsShort || indented;
}

/** Puts a line behind a text: a word broken at the line's end is made whole, Chinese gets no blank. */
function joined(text: string, line: string): string {
  const hyphenated = /(\p{L}+(?:-\p{L}+)*)[-\u00ad\u2010]$/u.exec(text);
  if (hyphenated) {
    const broken = /^\p{Ll}/u.test(line) && !(hyphenated[1] ?? '').includes('-');
    return (broken ? text.slice(0, -1) : text) + line;
  }
  const last = text.at(-1) ?? '';
  return cjk.test(last) && cjk.test(line[0] ?? '') ? text + line : `${text} ${line}`;
}

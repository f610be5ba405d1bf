import type { Position } from '@lectern/contract/workflow.ts';
import { markLine, markOf } from '../../kernel/positions.ts';
import { type Block, isTable } from './pdf-layout.ts';
import type { Line } from './pdf-lines.ts';
import { leaders, numberedHeadings } from './pdf-numbered.ts';
import type { Outline } from './pdf-outline.ts';
import { rowsOverleaf, sameColumns, tableOf } from './pdf-table-markdown.ts';
import type { Table } from './pdf-tables.ts';
import { near, type Start, startsOf } from './pdf-wrapping.ts';

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。、；：？！（）《》「」『』“”…]/u;
const listMark =
  /^(?:[•▪◦‣·●○■□–—*-]|\(?\d{1,3}[.)、](?!\d)|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)\s*\S/;
const sentenceEnd = /[.!?。！？：:;；”"'）)]$/;

/** Letters of a heading over several lines. */
const longestHeading = 250;

/** The font size that most of the text has. */
export function sizeOfBody(pages: Page[]): number {
  const lengths = new Map<number, number>();
  for (const block of pages.flatMap(({ blocks }) => blocks)) {
    // Pictures have none.
    if (block.size === 0) continue;
    const rounded = Math.round(block.size * 2) / 2;
    const length = isTable(block) ? block.rows.flat().join('').length : block.text.length;
    lengths.set(rounded, (lengths.get(rounded) ?? 0) + length);
  }
  return [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
}

/** What stands on a page in reading order. */
export interface Page {
  /** Counted from 1; absent where nobody would speak of pages. */
  number?: number;
  blocks: Block[];
}

/**
 * Joins the text of a document into paragraphs and tables of Markdown: headings as its outline says, else by their size,
 * or by their number where they are bold, and a mark where a page begins.
 */
export function paragraphs(pages: Page[], bodySize: number, outline: Outline = () => undefined): string {
  const levels = levelsOf(pages, bodySize, outline);
  const parts: string[] = [];
  let before: Block | undefined;
  for (const { number, blocks } of pages) {
    const starts = startsOf(blocks);
    for (const [i, block] of blocks.entries()) {
      const begins = i === 0 && number !== undefined ? { page: number } : undefined;
      if (isTable(block)) {
        const goesOn = i === 0 && before && isTable(before) && sameColumns(before, block);
        if (goesOn) parts.push('\n', rowsOverleaf(before as Table, block, begins));
        else parts.push(before ? '\n\n' : '', tableOf(block, begins));
      } else if (before && !isTable(before))
        addLine(parts, before, block, { begins, levels, start: starts.get(block) });
      else parts.push(before ? '\n\n' : '', ownLine(block, begins, levels));
      before = block;
    }
  }
  return parts.join('');
}

/** The lines that are headings, with their levels; `whole`: no line after it goes on in it. */
type Levels = ReadonlyMap<Line, { level: number; whole: boolean }>;

function levelsOf(pages: readonly Page[], bodySize: number, outline: Outline): Levels {
  const levels = new Map<Line, { level: number; whole: boolean }>();
  const numbered = numberedHeadings(pages);
  for (const { number, blocks } of pages) {
    const tooLong = largeParagraphs(blocks, bodySize);
    for (const block of blocks) {
      if (isTable(block)) continue;
      const named = outlineLevel(block, number, outline);
      const bySize = tooLong.has(block) ? 0 : headingLevel(block, bodySize);
      const level = named ?? (bySize || (numbered.get(block) ?? 0));
      if (level > 0) levels.set(block, { level, whole: named !== undefined || bySize === 0 });
    }
  }
  return levels;
}

/** Lines of large print that go on for longer than any heading: a summary, a quotation. */
function largeParagraphs(blocks: Block[], bodySize: number): Set<Line> {
  const found = new Set<Line>();
  let run: Line[] = [];
  const end = (): void => {
    if (run.reduce((sum, { text }) => sum + text.length, 0) > longestHeading)
      for (const line of run) found.add(line);
    run = [];
  };
  for (const block of blocks) {
    const line = isTable(block) || headingLevel(block, bodySize) === 0 ? undefined : block;
    const last = run.at(-1);
    const goesOn =
      line && last && headingLevel(last, bodySize) === headingLevel(line, bodySize) && near(last, line);
    if (!goesOn) end();
    if (line) run.push(line);
  }
  end();
  return found;
}

function outlineLevel(line: Line, page: number | undefined, outline: Outline): number | undefined {
  return line.text.length > 150 || isRow(line) ? undefined : outline(page, line.text);
}

/** What is known of a line: where it begins a page, and whether it cannot be the rest of the line before. */
interface Place {
  begins: Position | undefined;
  levels: Levels;
  start: Start | undefined;
}

function addLine(parts: string[], before: Line, line: Line, place: Place): void {
  const { begins, levels } = place;
  const glue = between(before, line, place);
  if (glue === undefined) {
    // Only the last line is looked at: paragraphs may be as long as the document.
    const [end, more] = joined(parts.pop() ?? '', line.text);
    parts.push(end, begins ? markOf(begins) : '', more);
  } else parts.push(glue, ownLine(line, begins, levels));
}

function ownLine(line: Line, begins: Position | undefined, levels: Levels): string {
  const text = heading(levels.get(line)?.level ?? 0) + line.text;
  return begins ? markLine(text, begins) : text;
}

/** What stands between two lines; nothing where the second goes on in the paragraph of the first. */
function between(before: Line, line: Line, { begins, levels, start }: Place): string | undefined {
  const newPage = begins !== undefined;
  const [last, level] = [levels.get(before), levels.get(line)];
  const together = level && !level.whole && !last?.whole && level.level === last?.level;
  if (together && !newPage && near(before, line)) return undefined;
  if (level || last) return '\n\n';
  if (newPage) return goesOnOverleaf(before, line) ? undefined : '\n\n';
  if (before.region !== line.region && !runsOn(before, line)) return '\n\n';
  if (isRow(before) || isRow(line)) return near(before, line) ? '\n' : '\n\n';
  if (listMark.test(line.text)) return '\n';
  if (start) return start === 'line' ? '\n' : '\n\n';
  return startsParagraph(before, line) ? '\n\n' : undefined;
}

const isRow = (line: Line): boolean => line.cells > 1;
const heading = (level: number): string => (level > 0 ? `${'#'.repeat(level)} ` : '');

function headingLevel(line: Line, bodySize: number): number {
  if (line.text.length > 150 || !/\p{L}/u.test(line.text) || isRow(line) || leaders.test(line.text)) return 0;
  const ratio = line.size / bodySize;
  return ratio >= 1.6 ? 1 : ratio >= 1.35 ? 2 : ratio >= 1.15 && !/[,，]$/.test(line.text) ? 3 : 0;
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
  const full = before.right > before.region.right - 2 * before.size;
  return full && cjk.test(before.text.at(-1) ?? '') && cjk.test(line.text[0] ?? '');
}

function startsParagraph(before: Line, line: Line): boolean {
  if (before.region !== line.region) return false;
  if (!near(before, line)) return true;
  const rightEdge = line.region.right;
  const leftEdge = Math.min(before.left, line.region.left);
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

import type { CountTokens } from '../tokens.ts';
import { filled, stretches } from './sentences.ts';

/* Rows of Markdown tables that are too large for a piece, cut so that every part still says what it is about. */

/** A name of a column that is repeated with every value is cut after so many characters. */
const longestName = 200;

/** The cells of a row as they are written. */
export function cellsOf(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

/**
 * A row as several rows of about `limit` tokens: long cells are divided among them, short ones are repeated in each, so
 * that every value stays beside the cells that name it.
 */
export function cutRow(row: string, limit: number, count: CountTokens): string[] {
  const cells = cellsOf(row);
  const share = fairShare(
    cells.map((cell) => count(cell)),
    Math.max(limit, 2 * cells.length),
  );
  const parts = cells.map((cell) =>
    count(cell) <= share ? [cell] : filled(stretches(cell, share, count), share, count),
  );
  const rows = parts.reduce((most, part) => Math.max(most, part.length), 1);
  return Array.from({ length: rows }, (_, i) => {
    const line = parts.map((part) => (part.length === 1 ? part[0] : part[i])?.trim() ?? '');
    return `| ${line.join(' | ')} |`;
  });
}

/** How many tokens a cell may have so that all together have `limit`, when smaller ones leave the larger their rest. */
function fairShare(sizes: number[], limit: number): number {
  let left = limit;
  const ascending = sizes.toSorted((a, b) => a - b);
  for (const [i, size] of ascending.entries()) {
    const share = Math.max(1, Math.floor(left / (ascending.length - i)));
    if (size > share) return share;
    left -= size;
  }
  return limit;
}

/**
 * A row as lines `name: value`, for tables whose header alone would fill a piece. Empty cells are left out. In parts of
 * at most about `limit` tokens; each begins with the first line, which mostly says whose values these are.
 */
export function recordsOf(header: string, row: string, limit: number, count: CountTokens): string[] {
  const names = cellsOf(header).map((name) => name.slice(0, longestName));
  const lines = cellsOf(row).flatMap((cell, i) => {
    if (cell === '') return [];
    const name = names[i] ? `${names[i]}: ` : '';
    return filled(stretches(cell, limit / 2, count), limit / 2, count).map((part) => name + part.trim());
  });
  const [first = ''] = lines;
  const parts: string[] = [];
  let part: string[] = [];
  let tokens = 0;
  for (const line of lines) {
    const size = count(line);
    if (part.length > 0 && tokens + size > limit) {
      parts.push(part.join('\n'));
      part = [first];
      tokens = count(first);
    }
    part.push(line);
    tokens += size;
  }
  return [...parts, part.join('\n')].filter((text) => text !== '');
}

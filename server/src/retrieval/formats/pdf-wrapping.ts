import { type Block, isTable } from './pdf-layout.ts';
import type { Line } from './pdf-lines.ts';

/** What a line begins that is not the rest of the line before: a line of its own, or a paragraph. */
export type Start = 'line' | 'paragraph';

/** Narrower than so many times their size, or this share of their column, lines are no text that was broken to fit. */
const narrow = 12;
const narrowShare = 0.5;
/** Share of lines with room left for the next word, from which on lines stand for themselves. */
const leastOwn = 0.25;

const sentenceEnd = /[.!?。！？：:;；”"'）)]$/;
const eastern = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const goesOn = /^[\p{Ll},.;:)），。；：、]/u;
/** Rules made of signs. */
const noWords = /^[^\p{L}\p{N}]{4,}$/u;

/** Whether two lines stand as close as lines of one paragraph do. */
export function near(before: Line, line: Line): boolean {
  const gap = before.y - line.y;
  return gap > 0 && gap < 1.75 * Math.max(before.size, line.size);
}

/** The lines of a page that begin something, because the line before had room for their first word. */
export function startsOf(blocks: Block[]): Map<Block, Start> {
  const starts = new Map<Block, Start>();
  let run: Line[] = [];
  const endRun = (): void => {
    startsIn(run, starts);
    run = [];
  };
  for (const block of blocks) {
    const last = run.at(-1);
    if (isTable(block) || block.cells !== 1) endRun();
    else {
      if (last && !together(last, block)) endRun();
      run.push(block);
    }
  }
  endRun();
  return starts;
}

const together = (before: Line, line: Line): boolean =>
  before.region === line.region && near(before, line) && Math.abs(before.size - line.size) < 0.2 * line.size;

function startsIn(run: Line[], starts: Map<Block, Start>): void {
  const pairs = run.slice(1).map((line, i) => ({ before: run[i] ?? line, line }));
  const rights = run.map(({ right }) => right).sort((a, b) => b - a);
  const [widest = 0, second = widest] = rights;
  const size = run[0]?.size ?? 1;
  // One line that sticks out a little says nothing of where the others were broken.
  const edge = run.length > 3 && widest - second < 2 * size ? second : widest;
  const left = Math.min(...run.map((line) => line.left));
  const roomy = pairs.filter(({ before, line }) => hasRoom(before, line, edge));
  const own = roomy.filter(({ before }) => !sentenceEnd.test(before.text)).length;
  // Text that was broken to fit mostly ends at the edge.
  const full = rights.filter((right) => right > edge - size).length;
  const region = run[0]?.region;
  const isNarrow =
    edge - left < narrow * size || (region && edge - left < narrowShare * (region.right - region.left));
  const ownLines = full < 0.5 * run.length && ((own > 1 && own >= leastOwn * pairs.length) || isNarrow);
  for (const { before, line } of pairs) {
    const rest = goesOn.test(line.text) || /\p{L}[-\u00ad]$/u.test(before.text);
    if (noWords.test(before.text) || noWords.test(line.text)) starts.set(line, 'line');
    else if (ownLines && !rest) starts.set(line, 'line');
    else if (!rest && hasRoom(before, line, edge)) starts.set(line, 'paragraph');
  }
}

/** Whether the first word of a line would have had its place on the line before. */
function hasRoom(before: Line, line: Line, edge: number): boolean {
  const room = edge - before.right;
  if (eastern.test(line.text)) return room > 3 * line.size;
  const [word = ''] = line.text.split(/\s/);
  const letter = (line.right - line.left) / Math.max(1, line.text.length);
  return room > (word.length + 1) * letter + 0.5 * line.size;
}

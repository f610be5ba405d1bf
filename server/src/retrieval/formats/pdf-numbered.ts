import { type Block, isTable } from './pdf-layout.ts';
import type { Line } from './pdf-lines.ts';
import { near } from './pdf-wrapping.ts';

/*
 * Headings of the size of the text around them: bold, short and numbered. Any of that alone is also how people stress a
 * sentence, or count one off.
 */

/** A document of which more than this share is bold says nothing with it. */
const mostBold = 0.25;
const longestHeading = 100;
/** Headings that are larger than the text take the levels above. */
const firstLevel = 3;

/** Dots that lead to a page's number, in a table of contents. */
export const leaders = /(?:(?:\s?[.·]){4,}|…{2,})\s*\d*$/;
const noHeading = /[,，;；。!！.]$/;
const dotted = /^(\d{1,2}(?:\.\d{1,2}){0,3})[.、]?\s*(?=[\p{L}"“《(（])/u;
const chapter =
  /^(?:第\s*[\d一二三四五六七八九十百]+\s*[章篇部]|[一二三四五六七八九十]+、|(?:chapter|part|appendix)\s+[\dA-Z]+\b|[IVX]{1,5}\.\s)/i;
const section =
  /^(?:第\s*[\d一二三四五六七八九十百]+\s*[节節]|[（(][一二三四五六七八九十]+[）)]|section\s+\d+\b)/i;

/** The levels of a document's numbered bold lines, from 3 for a chapter. */
export function numberedHeadings(pages: readonly { blocks: Block[] }[]): Map<Line, number> {
  const levels = new Map<Line, number>();
  if (shareOfBold(pages) > mostBold) return levels;
  for (const { blocks } of pages) {
    for (const [i, block] of blocks.entries()) {
      const depth = depthOf(block);
      if (isTable(block) || depth === 0 || block.text.length > longestHeading) continue;
      // The lines of a bold paragraph, or of a list.
      const [before, after] = [blocks[i - 1], blocks[i + 1]];
      const stands = !before || !clings(before, block) || (depthOf(before) > 0 && depthOf(before) < depth);
      if (stands && (!after || !clings(block, after) || depthOf(after) > depth))
        levels.set(block, Math.min(6, firstLevel - 1 + depth));
    }
  }
  return levels;
}

/** How deep a line's number is, from 1; 0 for what can be no heading. */
function depthOf(block: Block): number {
  if (isTable(block) || !block.bold || block.cells > 1 || noHeading.test(block.text)) return 0;
  if (leaders.test(block.text)) return 0;
  const numbers = dotted.exec(block.text)?.[1];
  if (numbers !== undefined) return numbers.split('.').length;
  return chapter.test(block.text) ? 1 : section.test(block.text) ? 2 : 0;
}

/** Whether two bold lines stand as close as those of a paragraph. */
const clings = (before: Block, line: Block): boolean =>
  !isTable(before) && !isTable(line) && before.bold === true && line.bold === true && near(before, line);

function shareOfBold(pages: readonly { blocks: Block[] }[]): number {
  let [bold, all] = [0, 0];
  for (const block of pages.flatMap(({ blocks }) => blocks)) {
    if (isTable(block)) continue;
    all += block.text.length;
    if (block.bold) bold += block.text.length;
  }
  return all === 0 ? 0 : bold / all;
}

import { readingOrder } from './pdf-columns.ts';
import { type Line, lineOf, type Piece, regionOf, rowsOf } from './pdf-lines.ts';
import { type Table, tableAt } from './pdf-tables.ts';

/** What stands on a page, in reading order. */
export type Block = Line | Table;

export const isTable = (block: Block): block is Table => 'rows' in block;

/** Fewer cells beside each other than this are no table over the width of a page with columns. */
const leastCells = 3;

/** The text of a page in reading order: tables over its whole width first, then the columns between them. */
export function layOut(pieces: Piece[]): Block[] {
  const baselines = rowsOf(pieces);
  const blocks: Block[] = [];
  let band: Piece[] = [];
  const endBand = (): void => {
    blocks.push(...readingOrder(band).flatMap((region) => blocksOf(region)));
    band = [];
  };
  for (let at = 0; at < baselines.length; ) {
    const wide = (baselines[at]?.length ?? 0) >= leastCells ? tableAt(baselines, at, true) : undefined;
    if (wide && wide.table.columns.length >= leastCells) {
      endBand();
      blocks.push(wide.table);
      at = wide.end;
    } else {
      band.push(...(baselines[at] ?? []));
      at += 1;
    }
  }
  endBand();
  return blocks;
}

/** Lines and tables of a region, top to bottom. */
function blocksOf(pieces: Piece[]): Block[] {
  const region = regionOf(pieces);
  const baselines = rowsOf(pieces);
  const blocks: Block[] = [];
  for (let at = 0; at < baselines.length; ) {
    const found = tableAt(baselines, at, false);
    if (found) {
      blocks.push(found.table);
      at = found.end;
    } else {
      blocks.push(lineOf(baselines[at] ?? [], region));
      at += 1;
    }
  }
  return blocks;
}

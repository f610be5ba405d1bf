import { type Piece, rowsOf } from './pdf-lines.ts';
import type { PagePicture } from './pdf-pictures.ts';

/** A page before it is laid out. */
export interface RawPage {
  number: number;
  /** In points. */
  height: number;
  pieces: Piece[];
  pictures: PagePicture[];
}

/** A line at the top or bottom of a page. */
interface EdgeLine {
  /** Its words, with a sign for every number. */
  text: string;
  y: number;
  size: number;
  pieces: Piece[];
}

/** Parts of a page's height, at the top and at the bottom, in which running titles stand. */
const edge = 0.1;
/** Lines from the edge of a page that are looked at. */
const mostLines = 3;
/** Pages before and behind a page that are compared with it. */
const around = 10;
/** On so many of them, and on this share, a running title stands. */
const leastPages = 2;
const leastShare = 0.25;

/**
 * Leaves out what is printed at the edge of every page: running titles and page numbers. A title is kept where it stands
 * first. `add` takes the pages in their order and answers those that are done; `end` answers the rest.
 */
export function runningLines(): { add(page: RawPage): RawPage[]; end(): RawPage[] } {
  const pages: { page: RawPage; edges: EdgeLine[] }[] = [];
  const kept = new Set<string>();
  // The first pages are dropped from `pages` when nothing is compared with them any more.
  let done = 0;

  function finish(index: number): RawPage {
    const { page, edges } = pages[index] as (typeof pages)[number];
    const others = pages.filter((_, i) => i !== index && Math.abs(i - index) <= around);
    const running = edges.filter((line) => {
      const seen = others.filter((other) => other.edges.some((same) => isSame(line, same))).length;
      if (seen < leastPages || seen < leastShare * others.length) return false;
      const first = !kept.has(line.text);
      kept.add(line.text);
      return !first || !/\p{L}{3}/u.test(line.text);
    });
    const left = new Set(running.flatMap(({ pieces }) => pieces));
    const pieces = left.size === 0 ? page.pieces : page.pieces.filter((piece) => !left.has(piece));
    page.pieces = [];
    return { ...page, pieces };
  }

  return {
    add(page) {
      pages.push({ page, edges: edgesOf(page) });
      if (pages.length - done <= around) return [];
      done += 1;
      const ready = finish(done - 1);
      if (done > around) {
        pages.shift();
        done -= 1;
      }
      return [ready];
    },
    end: () => pages.slice(done).map((_, i) => finish(done + i)),
  };
}

function edgesOf({ pieces, height }: RawPage): EdgeLine[] {
  const lines = rowsOf(pieces.filter(({ y }) => y > (1 - edge) * height || y < edge * height)).map((row) => ({
    text: row
      .map((piece) => piece.text)
      .join(' ')
      .replace(/\d+/g, '#'),
    y: row[0]?.y ?? 0,
    size: row[0]?.size ?? 1,
    pieces: row,
  }));
  const top = lines.filter(({ y }) => y > height / 2).slice(0, mostLines);
  const bottom = lines.filter(({ y }) => y <= height / 2).slice(-mostLines);
  return [...top, ...bottom];
}

const isSame = (a: EdgeLine, b: EdgeLine): boolean =>
  Math.abs(a.y - b.y) < 0.8 * a.size && Math.abs(a.size - b.size) < 0.2 * a.size && a.text === b.text;

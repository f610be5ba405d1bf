import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** The depth, from 1, that the document's own outline gives a line of a page; undefined for what is no title. */
export type Outline = (page: number | undefined, line: string) => number | undefined;

interface Entry {
  title: string;
  dest: string | unknown[] | null;
  items: Entry[];
}

/** More titles than a document meant for reading has. */
const mostTitles = 3000;
const deepest = 6;
/** The number of a chapter, which the outline often leaves out, or has where the page has none. */
const number =
  /^(?:第\s*[\d一二三四五六七八九十百]+\s*[章节節篇部]|(?:chapter|part|section)\s+\w+[.:]?|[\d]+(?:\.\d+)*[.、]?|[ivx]+\.)\s*/i;

const keyOf = (title: string): string =>
  title.normalize('NFKC').trim().replace(number, '').replace(/\s+/g, '').toLowerCase();

/**
 * Reads the outline that a file brings with it. A title counts on the page that it leads to; where that cannot be found
 * out, on every page.
 */
export async function readOutline(document: PDFDocumentProxy): Promise<Outline> {
  const depths = new Map<string, number>();
  const placeOf = (page: number | undefined, title: string) => `${page ?? ''} ${title}`;
  let read = 0;
  const add = async (entries: readonly Entry[], depth: number): Promise<void> => {
    for (const { title, dest, items } of entries) {
      read += 1;
      if (read > mostTitles) return;
      const key = keyOf(title);
      const place = placeOf(await pageOf(document, dest), key);
      if (key !== '' && !depths.has(place)) depths.set(place, depth);
      if (depth < deepest) await add(items, depth + 1);
    }
  };
  try {
    await add(((await document.getOutline()) ?? []) as Entry[], 1);
  } catch {
    // A broken outline is as good as none.
  }
  if (depths.size === 0) return () => undefined;
  return (page, line) => {
    const key = keyOf(line);
    return depths.get(placeOf(page, key)) ?? depths.get(placeOf(undefined, key));
  };
}

/** The page, counted from 1, that an entry leads to. */
async function pageOf(document: PDFDocumentProxy, dest: Entry['dest']): Promise<number | undefined> {
  try {
    const [target] = (typeof dest === 'string' ? await document.getDestination(dest) : dest) ?? [];
    if (typeof target === 'number') return target + 1;
    return target === undefined || target === null ? undefined : (await document.getPageIndex(target)) + 1;
  } catch {
    return undefined;
  }
}

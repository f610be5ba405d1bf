import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { AppError } from '../../kernel/errors.ts';
import type { SourceFile } from './format.ts';
import type { TextReader } from './ocr/reader.ts';
import { piecesOfWords } from './ocr/words.ts';
import { type BoldFonts, createBoldFonts } from './pdf-fonts.ts';
import { layOut } from './pdf-layout.ts';
import { type Piece, piecesOf } from './pdf-lines.ts';
import type { Page } from './pdf-paragraphs.ts';
import { type PagePicture, pageCollector, withPictures } from './pdf-pictures.ts';
import { type RawPage, runningLines } from './pdf-running.ts';
import { drawPage, fewLetters, isScan } from './pdf-scans.ts';
import type { PictureFiles } from './picture-files.ts';

/** The pages of a document that gave text, and what became of the others (numbers counted from 1). */
export interface ReadPages {
  pages: Page[];
  without: number[];
  byOcr: number[];
  damaged: number;
  /** Pages that are to be recognised, or may have to. */
  toRead: number;
}

/** Pages with few letters that are looked at closely; when there are more, they are counted as scans. */
const mostLooks = 20;

/** Reads page by page; one that cannot be read is left out: the rest of the document is still worth having. */
export async function readPages(
  document: PDFDocumentProxy,
  options: Pick<SourceFile, 'ocr' | 'reader'> & { pictures?: PictureFiles },
  progress: (share: number) => void,
): Promise<ReadPages> {
  const result: ReadPages = { pages: [], without: [], byOcr: [], damaged: 0, toRead: 0 };
  const count = document.numPages;
  const running = runningLines();
  const picturesOn = options.pictures && pageCollector(options.pictures);
  const keep = ({ number, pieces, pictures }: RawPage): void => {
    const blocks = withPictures(layOut(pieces), pictures);
    if (blocks.length > 0) result.pages.push({ number, blocks });
  };
  const tools: PageTools = { look: createLook(), boldFonts: createBoldFonts() };
  for (let number = 1; number <= count; number += 1) {
    let pieces: Piece[] = [];
    let height = 0;
    let pictures: PagePicture[] = [];
    try {
      const page = await document.getPage(number);
      height = page.getViewport({ scale: 1 }).height;
      const read = await readPage(page, options, tools);
      pieces = read.pieces;
      if (read.byOcr) result.byOcr.push(number);
      if (read.toRead) result.toRead += 1;
      if (!read.byOcr && !read.toRead) pictures = (await picturesOn?.(page)) ?? [];
      page.cleanup();
      if (options.reader) await document.cleanup();
    } catch (error) {
      // What is wrong with the recogniser is not wrong with the page.
      if (error instanceof AppError) throw error;
      result.damaged += 1;
    }
    if (pieces.length === 0) result.without.push(number);
    running.add({ number, height, pieces, pictures }).forEach(keep);
    progress(number / count);
  }
  running.end().forEach(keep);
  return result;
}

/** Whether a page is a scan, as far as the first pass looks: seen once, the rest will be seen by the one who reads it. */
function createLook(): PageTools['look'] {
  let looks = 0;
  let found = false;
  return async (page, letters) => {
    looks += 1;
    found ||= looks > mostLooks || (await isScan(page, letters));
    return found;
  };
}

/** What is known of a document from the pages before. */
interface PageTools {
  look(page: PDFPageProxy, letters: number): Promise<boolean>;
  boldFonts: BoldFonts;
}

async function readPage(
  page: PDFPageProxy,
  { ocr = 'auto', reader }: Pick<SourceFile, 'ocr' | 'reader'>,
  { look, boldFonts }: PageTools,
): Promise<{ pieces: Piece[]; byOcr?: boolean; toRead?: boolean }> {
  const pieces = ocr === 'force' ? [] : await textOf(page, boldFonts);
  const letters = lettersOf(pieces);
  if (ocr === 'off' || letters >= fewLetters) return { pieces };
  if (!reader) return { pieces, toRead: await look(page, letters) };
  if (ocr === 'auto' && !(await isScan(page, letters))) return { pieces };
  const recognised = await recognise(page, reader);
  return lettersOf(recognised) > letters ? { pieces: recognised, byOcr: true } : { pieces };
}

const lettersOf = (pieces: Piece[]): number =>
  pieces.reduce((sum, { text }) => sum + (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0), 0);

async function textOf(page: PDFPageProxy, boldFonts: BoldFonts): Promise<Piece[]> {
  const content = await page.getTextContent({ includeMarkedContent: false });
  const items = content.items.filter((item) => 'str' in item);
  // Pages that lie on their side, or do not begin at zero, are read as they are seen.
  const { transform, height } = page.getViewport({ scale: 1 });
  return piecesOf(
    items,
    [transform, height],
    await boldFonts(page, new Set(items.map(({ fontName }) => fontName))),
  );
}

async function recognise(page: PDFPageProxy, reader: TextReader): Promise<Piece[]> {
  const { picture, unit, height } = await drawPage(page);
  const { lines } = await reader.read(picture);
  return piecesOfWords(lines, { height, unit });
}

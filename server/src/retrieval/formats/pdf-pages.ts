import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { SourceFile } from './format.ts';
import type { TextReader } from './ocr/reader.ts';
import { piecesOfWords } from './ocr/words.ts';
import { type Block, layOut } from './pdf-layout.ts';
import { type Piece, piecesOf } from './pdf-lines.ts';
import type { Page } from './pdf-paragraphs.ts';
import { drawPage, fewLetters, isScan } from './pdf-scans.ts';

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
  { ocr = 'auto', reader }: Pick<SourceFile, 'ocr' | 'reader'>,
  progress: (share: number) => void,
): Promise<ReadPages> {
  const result: ReadPages = { pages: [], without: [], byOcr: [], damaged: 0, toRead: 0 };
  const count = document.numPages;
  let looks = 0;
  for (let number = 1; number <= count; number += 1) {
    let blocks: Block[] = [];
    try {
      const page = await document.getPage(number);
      const pieces = ocr === 'force' ? [] : await textOf(page);
      const letters = lettersOf(pieces);
      blocks = layOut(pieces);
      if (ocr !== 'off' && letters < fewLetters && reader) {
        if (ocr === 'force' || (await isScan(page, letters))) {
          const recognised = await recognise(page, reader);
          if (lettersOf(recognised) > letters) {
            blocks = layOut(recognised);
            result.byOcr.push(number);
          }
        }
      } else if (ocr === 'auto' && letters < fewLetters) {
        // Seen once, the rest will be seen by the one who reads it.
        const scan = result.toRead > 0 || looks >= mostLooks || (await isScan(page, letters));
        looks += 1;
        if (scan) result.toRead += 1;
      }
      page.cleanup();
      if (reader) await document.cleanup();
    } catch {
      result.damaged += 1;
    }
    if (blocks.length > 0) result.pages.push({ number, blocks });
    else result.without.push(number);
    progress(number / count);
  }
  return result;
}

const lettersOf = (pieces: Piece[]): number =>
  pieces.reduce((sum, { text }) => sum + (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0), 0);

async function textOf(page: PDFPageProxy): Promise<Piece[]> {
  const content = await page.getTextContent({ includeMarkedContent: false });
  return piecesOf(content.items.filter((item) => 'str' in item));
}

async function recognise(page: PDFPageProxy, reader: TextReader): Promise<Piece[]> {
  const { picture, unit, height } = await drawPage(page);
  const { lines } = await reader.read(picture);
  return piecesOfWords(lines, { height, unit });
}

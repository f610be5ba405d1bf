import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { fail } from '../../kernel/errors.ts';
import type { Format } from './format.ts';
import { readingOrder } from './pdf-columns.ts';
import { type Line, linesOf, type Piece, piecesOf } from './pdf-lines.ts';
import { type Page, paragraphs, sizeOfBody } from './pdf-paragraphs.ts';
import { tidy } from './text.ts';

/** More pages than any document meant for reading has; a hostile file may claim millions. */
const maxPages = 5000;

const broken: Text = { en: 'it is damaged or no PDF.', zh: '文件已损坏或不是 PDF。' };
const tooLong = (pages: number): Text => ({
  en: `it has ${pages} pages; the limit is ${maxPages}. Split it into smaller files.`,
  zh: `文件共 ${pages} 页，上限为 ${maxPages} 页，请拆分为较小的文件。`,
});
const nonePages = (pages: number): Text => ({
  en: `it is damaged: no page of ${pages} could be read.`,
  zh: `文件已损坏：共 ${pages} 页，均无法读取。`,
});

/** PDF files with text in them: columns in reading order, lines joined into paragraphs, table rows kept as lines. */
export const pdfFormat: Format = {
  name: 'PDF',
  extensions: ['pdf'],
  maxBytes: 200e6,
  binary: true,
  matches: (bytes) => Buffer.from(bytes.subarray(0, 1024)).toString('latin1').includes('%PDF-'),
  async read({ bytes }, progress) {
    const document = await open(bytes);
    try {
      const count = document.numPages;
      if (count > maxPages) throw fail('fileUnreadable', { params: { details: tooLong(count) } });
      const pages: Page[] = [];
      const without: number[] = [];
      let damaged = 0;
      for (let number = 1; number <= count; number += 1) {
        const lines = await readPage(document, number);
        if (lines) pages.push({ number, lines });
        else damaged += 1;
        if (!lines?.some((line) => line.text !== '')) without.push(number);
        progress(number / count);
      }
      if (damaged === count) throw fail('fileUnreadable', { params: { details: nonePages(count) } });
      const body = sizeOfBody(pages.flatMap(({ lines }) => lines));
      const markdown = tidy(paragraphs(pages, body));
      const title = await titleOf(document);
      return {
        markdown,
        pages: count,
        ...(title && { title }),
        ...(without.length > 0 && { pagesWithoutText: without }),
      };
    } finally {
      await document.loadingTask.destroy();
    }
  },
};

async function open(data: Uint8Array): Promise<PDFDocumentProxy> {
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const packageRoot = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const folder = (name: string): string => join(packageRoot, name) + sep;
  try {
    return await getDocument({
      data,
      // Without these folders, Chinese text with predefined encodings comes out empty.
      cMapUrl: folder('cmaps'),
      cMapPacked: true,
      standardFontDataUrl: folder('standard_fonts'),
      wasmUrl: folder('wasm'),
      useSystemFonts: false,
      isOffscreenCanvasSupported: false,
      stopAtErrors: false,
      verbosity: VerbosityLevel.ERRORS,
    }).promise;
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException')
      throw fail('fileEncrypted', { cause: error });
    throw fail('fileUnreadable', { params: { details: broken }, cause: error });
  }
}

/** Nothing for a page that cannot be read: the rest of the document is still worth having. */
async function readPage(document: PDFDocumentProxy, number: number): Promise<Line[] | undefined> {
  let pieces: Piece[];
  try {
    const page = await document.getPage(number);
    const content = await page.getTextContent({ includeMarkedContent: false });
    pieces = piecesOf(content.items.filter((item) => 'str' in item));
    page.cleanup();
  } catch {
    return undefined;
  }
  return readingOrder(pieces).flatMap((region) => linesOf(region));
}

async function titleOf(document: PDFDocumentProxy): Promise<string | undefined> {
  try {
    const { info } = await document.getMetadata();
    const title = 'Title' in info && typeof info.Title === 'string' ? info.Title.trim() : '';
    // Programs put the name of their own file there.
    return title === '' || /\.(?:docx?|indd|tex|dvi|pptx?|xlsx?|qxd)$|^untitled|^microsoft word/i.test(title)
      ? undefined
      : title;
  } catch {
    return undefined;
  }
}

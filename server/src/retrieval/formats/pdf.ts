import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { fail } from '../../kernel/errors.ts';
import type { Format } from './format.ts';
import { readOutline } from './pdf-outline.ts';
import { readPages } from './pdf-pages.ts';
import { paragraphs, sizeOfBody } from './pdf-paragraphs.ts';
import { pictureFiles } from './picture-files.ts';
import { tidy } from './text.ts';

/** More pages than any document meant for reading has; a hostile file may claim millions. */
const maxPages = 5000;
/** Pictures are kept of documents that have no more pages. */
const mostPagesWithPictures = 500;

const broken: Text = { en: 'it is damaged or no PDF.', zh: '文件已损坏或不是 PDF。' };
const tooLong = (pages: number): Text => ({
  en: `it has ${pages} pages; the limit is ${maxPages}. Split it into smaller files.`,
  zh: `文件共 ${pages} 页，上限为 ${maxPages} 页，请拆分为较小的文件。`,
});
const nonePages = (pages: number): Text => ({
  en: `it is damaged: no page of ${pages} could be read.`,
  zh: `文件已损坏：共 ${pages} 页，均无法读取。`,
});

/**
 * PDF files: columns in reading order, lines joined into paragraphs, table rows kept as lines. Pages that are pictures
 * of text are recognised where there is a reader for them.
 */
export const pdfFormat: Format = {
  name: 'PDF',
  extensions: ['pdf'],
  maxBytes: 200e6,
  binary: true,
  pictures: true,
  matches: (bytes) => Buffer.from(bytes.subarray(0, 1024)).toString('latin1').includes('%PDF-'),
  async read(source, progress) {
    const document = await open(source.bytes);
    try {
      const count = document.numPages;
      if (count > maxPages) throw fail('fileUnreadable', { params: { details: tooLong(count) } });
      if (source.ocr === 'force' && !source.reader) return { markdown: '', pages: count, pagesToRead: count };
      // Looking for pictures takes as long as reading the text.
      const pictures = pictureFiles(source.picturesDir);
      const wanted = source.picturesDir !== undefined && count <= mostPagesWithPictures;
      const read = await readPages(document, { ...source, ...(wanted && { pictures }) }, progress);
      if (read.damaged === count) throw fail('fileUnreadable', { params: { details: nonePages(count) } });
      const body = sizeOfBody(read.pages);
      const title = await titleOf(document);
      return {
        markdown: tidy(paragraphs(read.pages, body, await readOutline(document))),
        pages: count,
        ...(title && { title }),
        ...(read.without.length > 0 && { pagesWithoutText: read.without }),
        ...(read.byOcr.length > 0 && { pagesByOcr: read.byOcr }),
        ...(read.toRead > 0 && { pagesToRead: read.toRead }),
        ...pictures.kept(),
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
      // Else nobody is told the names of fonts, which say which are bold.
      fontExtraProperties: true,
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

import { pdfFiles } from 'virtual:pdf-files';
import {
  GlobalWorkerOptions,
  getDocument,
  type PDFPageProxy,
  RenderingCancelledException,
  Util,
} from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { hitPieces } from './hits.ts';

GlobalWorkerOptions.workerSrc = workerUrl;

/** How wide a page is drawn at most, in its own pixels. */
const mostPixels = 3200;

/** Where something stands on a page, in shares of its size. */
interface Box {
  left: string;
  top: string;
  width: string;
  height: string;
}

/** A page as it was drawn, with the places of the passage. */
export interface DrawnPage {
  hits: Box[];
}

/** A PDF that is open. */
export interface Pdf {
  pages: number;
  /** Draws a page (from 1) so wide, in CSS pixels. */
  draw(
    canvas: HTMLCanvasElement,
    page: number,
    width: number,
    passage: string,
  ): { done: Promise<DrawnPage>; cancel: () => void };
  close(): Promise<void>;
}

/** Opens a PDF of this server. Nothing in it runs, and only the parts that are needed are loaded. */
export async function openPdf(address: string): Promise<Pdf> {
  const loading = getDocument({
    url: new URL(address, window.location.origin).href,
    enableXfa: false,
    // The page's policy compiles nothing.
    useWasm: false,
    // Tables for Chinese, Japanese and Korean letters, and the fonts that every reader has: files of our own.
    cMapUrl: pdfFiles,
    standardFontDataUrl: pdfFiles,
    disableAutoFetch: true,
  });
  const document = await loading.promise;
  return {
    pages: document.numPages,
    draw: (canvas, number, width, passage) => {
      let cancelled = false;
      let cancelTask: () => void = () => undefined;
      const draw = async (): Promise<DrawnPage> => {
        const page = await document.getPage(number);
        if (cancelled) throw new RenderingCancelledException('left', 0);
        const plain = page.getViewport({ scale: 1 });
        // No browser draws a page of any size.
        const density = Math.min(2, window.devicePixelRatio || 1, mostPixels / width);
        const scale = (width / plain.width) * density;
        const viewport = page.getViewport({ scale });
        canvas.width = Math.floor(viewport.width);
        canvas.height = Math.floor(viewport.height);
        const task = page.render({ canvas, viewport });
        cancelTask = () => task.cancel();
        await task.promise;
        return { hits: await hitsOf(page, passage) };
      };
      return {
        done: draw().catch((thrown) => {
          // Another page is being drawn instead.
          if (thrown instanceof RenderingCancelledException) return new Promise<DrawnPage>(() => undefined);
          throw thrown;
        }),
        cancel: () => {
          cancelled = true;
          cancelTask();
        },
      };
    },
    close: () => loading.destroy(),
  };
}

async function hitsOf(page: PDFPageProxy, passage: string): Promise<Box[]> {
  const { items } = await page.getTextContent();
  const pieces = items.flatMap((item) => ('str' in item ? [item] : []));
  const found = hitPieces(
    pieces.map(({ str }) => str),
    passage,
  );
  const { transform, width, height } = page.getViewport({ scale: 1 });
  const share = (part: number, whole: number) => `${(100 * part) / whole}%`;
  return pieces.flatMap((piece, index) => {
    if (!found.has(index) || piece.width === 0) return [];
    const [, , c = 0, d = 0, x = 0, y = 0] = Util.transform(transform, piece.transform) as number[];
    const size = Math.hypot(c, d) || piece.height;
    return [
      {
        left: share(x, width),
        top: share(y - size, height),
        width: share(piece.width, width),
        height: share(size * 1.2, height),
      },
    ];
  });
}

import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { product } from './pdf-lines.ts';

/** A picture as it stands on its page, seen upright, in points from the bottom left. */
export interface DrawnPicture {
  /** By which the page knows it; absent where it is written into the page itself. */
  id?: string;
  left: number;
  right: number;
  bottom: number;
  /** Part of the page that it covers. */
  share: number;
}

/** What is drawn on a page beside text: pictures, and how many lines and shapes. */
export async function drawnOn(page: PDFPageProxy): Promise<{ pictures: DrawnPicture[]; shapes: number }> {
  const { OPS } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const { fnArray, argsArray } = await page.getOperatorList();
  const { transform, width, height } = page.getViewport({ scale: 1 });
  const painting = new Set(paintingOf(OPS));
  const pictures: DrawnPicture[] = [];
  const saved: number[][] = [];
  let matrix: number[] = transform;
  let shapes = 0;
  for (const [i, operation] of fnArray.entries()) {
    const given: unknown[] = argsArray[i] ?? [];
    if (operation === OPS.save) saved.push(matrix);
    else if (operation === OPS.paintFormXObjectBegin) {
      saved.push(matrix);
      if (Array.isArray(given[0])) matrix = product(matrix, given[0].map(Number));
    } else if (operation === OPS.restore || operation === OPS.paintFormXObjectEnd)
      matrix = saved.pop() ?? matrix;
    else if (operation === OPS.transform) matrix = product(matrix, given.map(Number));
    else if (operation === OPS.constructPath) shapes += 1;
    else if (painting.has(operation)) {
      const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = matrix;
      const [across, down] = [
        [x, x + a, x + c, x + a + c],
        [y, y + b, y + d, y + b + d],
      ];
      pictures.push({
        ...(typeof given[0] === 'string' && { id: given[0] }),
        left: Math.min(...across),
        right: Math.max(...across),
        bottom: height - Math.max(...down),
        share: Math.abs(a * d - b * c) / Math.max(1, width * height),
      });
    }
  }
  return { pictures, shapes };
}

function paintingOf(ops: Record<string, number>): (number | undefined)[] {
  return [
    ops.paintImageXObject,
    ops.paintInlineImageXObject,
    ops.paintImageMaskXObject,
    ops.paintImageXObjectRepeat,
    ops.paintImageMaskXObjectRepeat,
    ops.paintImageMaskXObjectGroup,
    ops.paintInlineImageXObjectGroup,
  ];
}

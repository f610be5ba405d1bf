import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type DrawnPicture, drawnOn } from './pdf-drawn.ts';
import { type Block, isTable } from './pdf-layout.ts';
import type { PictureFiles } from './picture-files.ts';

/** A picture that was kept, with where it stands. */
export interface PagePicture extends Omit<DrawnPicture, 'id' | 'share'> {
  reference: string;
}

/** Parts of a page that pictures cover: smaller ones are signs, larger ones the ground on which the page is printed. */
const smallest = 0.005;
const largest = 0.8;
/** Points of a picture; larger ones would take the memory of the process. */
const mostPoints = 16e6;
/** From so many points on it is stored as a photo. */
const photoPoints = 250_000;
/** Longest time that all pictures of a document may take, and of one of them, in milliseconds. */
const timeLimitMs = 20_000;
const pictureLimitMs = 3000;

/** Keeps the pictures of a document, page by page, until it has taken too long. */
export function pageCollector(files: PictureFiles): (page: PDFPageProxy) => Promise<PagePicture[]> {
  let left = timeLimitMs;
  return async (page) => {
    if (left <= 0) return [];
    const began = performance.now();
    const kept: PagePicture[] = [];
    for (const { id, share, ...place } of (await drawnOn(page)).pictures) {
      if (id === undefined || share < smallest || share > largest) continue;
      const bytes = await bytesOf(page, id);
      const reference = bytes ? files.keep(bytes, '') : '';
      if (reference !== '') kept.push({ ...place, reference });
    }
    left -= performance.now() - began;
    return kept;
  };
}

/** A picture as pdfjs hands it out: one bit, three or four bytes for each of its points. */
interface Unpacked {
  width: number;
  height: number;
  kind: number;
  data: Uint8Array;
}

async function bytesOf(page: PDFPageProxy, id: string): Promise<Uint8Array | undefined> {
  const objects = id.startsWith('g_') ? page.commonObjs : page.objs;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), pictureLimitMs);
  });
  const found = new Promise<Unpacked | null>((resolve) => objects.get(id, resolve));
  const picture = await Promise.race([found, late]);
  clearTimeout(timer);
  if (!picture?.data || picture.width * picture.height > mostPoints) return undefined;
  return await packed(picture);
}

async function packed({ width, height, kind, data }: Unpacked): Promise<Uint8Array> {
  const { createCanvas } = await import('@napi-rs/canvas');
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const bytesInRow = (width + 7) >> 3;
  for (let i = 0; i < width * height; i += 1) {
    const bit =
      kind === 1
        ? ((data[Math.floor(i / width) * bytesInRow + ((i % width) >> 3)] ?? 0) >> (7 - ((i % width) & 7))) &
          1
        : 0;
    for (let k = 0; k < 3; k += 1) {
      image.data[4 * i + k] = kind === 1 ? 255 * bit : (data[(kind === 2 ? 3 : 4) * i + k] ?? 0);
    }
    image.data[4 * i + 3] = kind === 3 ? (data[4 * i + 3] ?? 255) : 255;
  }
  context.putImageData(image, 0, 0);
  const photo = kind === 2 && width * height >= photoPoints;
  return photo ? canvas.toBuffer('image/jpeg', 85) : canvas.toBuffer('image/png');
}

/** Puts each picture before the text that stands below it, in its column. */
export function withPictures(blocks: Block[], pictures: PagePicture[]): Block[] {
  const result = [...blocks];
  for (const { reference, left, right, bottom } of pictures) {
    const at = result.findIndex((block) => {
      const { top, region } = isTable(block)
        ? { top: block.top, region: spanOf(block.columns) }
        : { top: block.y, region: block.region };
      return top < bottom && region.left < right && region.right > left;
    });
    const place: Block = {
      text: reference,
      left,
      right,
      y: bottom,
      size: 0,
      cells: 1,
      region: { left, right },
    };
    result.splice(at < 0 ? result.length : at, 0, place);
  }
  return result;
}

const spanOf = (columns: { left: number; right: number }[]): { left: number; right: number } => ({
  left: columns[0]?.left ?? 0,
  right: columns.at(-1)?.right ?? 0,
});

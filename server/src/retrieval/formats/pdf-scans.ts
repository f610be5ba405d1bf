import type { Canvas } from '@napi-rs/canvas';
import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type Picture, pictureOf } from './ocr/picture.ts';
import { drawnOn } from './pdf-drawn.ts';

/** Points to the inch at which pages are drawn for the recogniser: small print is still legible. */
const dotsPerInch = 200;
/** Points of a drawn page at most. */
const mostPoints = 9e6;

/** Below so many letters a page may be a scan with a stamp or a page number printed on it. */
export const fewLetters = 50;
/** Share of a page that a picture covers when it is the page. */
const wholePage = 0.5;
/** Pages without any letter are scans when they show this much of a picture, or so many lines drawn (letters as shapes). */
const somePicture = 0.03;
const manyShapes = 20;

/** Draws a page; `unit` is the size of a point of the picture in points of the page. */
export async function drawPage(
  page: PDFPageProxy,
): Promise<{ picture: Picture; unit: number; height: number }> {
  const { createCanvas } = await import('@napi-rs/canvas');
  const { width, height } = page.getViewport({ scale: 1 });
  const scale = Math.min(dotsPerInch / 72, Math.sqrt(mostPoints / (width * height)));
  const viewport = page.getViewport({ scale });
  const canvas: Canvas = createCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height));
  // The types know the canvas of browsers only.
  const target = canvas as unknown as Parameters<PDFPageProxy['render']>[0]['canvas'];
  await page.render({ canvas: target, viewport, intent: 'print', background: 'white' }).promise;
  return { picture: pictureOf(canvas), unit: 1 / scale, height };
}

/** Whether a page with so few letters of its own shows text in a picture. */
export async function isScan(page: PDFPageProxy, letters: number): Promise<boolean> {
  const { pictures, shapes } = await drawnOn(page);
  const covered = pictures.reduce((sum, { share }) => sum + share, 0);
  return letters === 0 ? covered >= somePicture || shapes >= manyShapes : covered >= wholePage;
}

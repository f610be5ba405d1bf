import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Canvas, createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { joinPdf } from './fixtures.ts';

/* Pictures of text for tests: printed here with a font that comes with a package. */

const fonts = join(
  dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')),
  'standard_fonts',
);
GlobalFonts.registerFromPath(join(fonts, 'LiberationSans-Regular.ttf'), 'Scan');

/** A page of these lines as a scanner sees it: 150 points to the inch, a little grey. */
export function scanOf(lines: string[], { turned = 0, size = 30 } = {}): Canvas {
  const canvas = createCanvas(1240, 1754);
  const context = canvas.getContext('2d');
  context.fillStyle = '#f4f2ee';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.rotate(turned);
  context.fillStyle = '#222';
  context.font = `${size}px Scan`;
  for (const [i, line] of lines.entries()) context.fillText(line, 150, 200 + i * size * 1.4);
  return canvas;
}

/** Patterns like those of a photo, without any letter. */
export function photo(): Canvas {
  const canvas = createCanvas(900, 700);
  const context = canvas.getContext('2d');
  let seed = 7;
  const random = (limit: number): number => {
    seed = (seed * 16807) % 2147483647;
    return seed % limit;
  };
  for (let i = 0; i < 900; i += 1) {
    context.fillStyle = `rgb(${random(256)},${random(256)},${random(256)})`;
    context.beginPath();
    context.arc(random(900), random(700), random(50), 0, 7);
    context.fill();
  }
  return canvas;
}

/** A PDF whose pages are these pictures. */
export function scannedPdf(pages: Canvas[]): Uint8Array {
  const kids: string[] = [];
  const objects: string[] = [];
  for (const canvas of pages) {
    const number = 3 + objects.length;
    const jpeg = canvas.toBuffer('image/jpeg', 80).toString('latin1');
    const content = 'q 600 0 0 848 0 0 cm /I Do Q';
    kids.push(`${number} 0 R`);
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 848] /Contents ${number + 1} 0 R /Resources << /XObject << /I ${number + 2} 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      `<< /Type /XObject /Subtype /Image /Width ${canvas.width} /Height ${canvas.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>\nstream\n${jpeg}\nendstream`,
    );
  }
  return joinPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages.length} >>`,
    ...objects,
  ]);
}

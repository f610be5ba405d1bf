import { deflateSync } from 'node:zlib';

/* Small files for tests, made rather than stored. */

export type TextAt = [x: number, y: number, size: number, text: string, weight?: 'bold'];

const bold = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>';

/** A PDF of one page with the given lines, each `[x, y, size, text]`, in built-in fonts (a Chinese one where needed). */
export function makePdf(lines: TextAt[], more = ''): Uint8Array {
  return makePages([lines], { more });
}

/** A PDF with these pages; `broken` in place of one makes a page that no program can read. */
export function makePages(pages: (TextAt[] | 'broken')[], { more = '' }: { more?: string } = {}): Uint8Array {
  const firstPage = 6;
  const kids: string[] = [];
  const objects: string[] = [];
  for (const page of pages) {
    const number = firstPage + objects.length;
    kids.push(`${number} 0 R`);
    if (page === 'broken') objects.push('(no page)');
    else {
      const content = contentOf(page);
      objects.push(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${number + 1} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 ${bold} >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      );
    }
  }
  return joinPdf(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages.length} >>`,
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
      '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>',
      '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>',
      ...objects,
    ],
    more,
  );
}

function contentOf(lines: TextAt[]): string {
  const escaped = (text: string): string => text.replace(/[\\()]/g, '\\$&');
  return lines
    .map(([x, y, size, text, weight]) => {
      const chinese = /\p{Script=Han}/u.test(text);
      const shown = chinese
        ? `<${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`
        : `(${escaped(text)})`;
      return `BT /${chinese ? 'F2' : weight ? 'F3' : 'F1'} ${size} Tf 1 0 0 1 ${x} ${y} Tm ${shown} Tj ET`;
    })
    .join('\n');
}

/** A PDF of these objects, the first of which is its catalogue. */
export function joinPdf(objects: string[], more = ''): Uint8Array {
  let pdf = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = pdf.length;
    pdf += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  pdf += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  pdf += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${more} >>\nstartxref\n${pdf.indexOf('xref\n0')}\n%%EOF\n`;
  return Buffer.from(pdf, 'latin1');
}

/** A small PDF whose only page unpacks to so many bytes. */
export function makeBomb(bytes: number): Uint8Array {
  const packed = deflateSync(Buffer.alloc(bytes, 'BT ET ')).toString('latin1');
  return joinPdf(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>',
      `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream`,
    ],
    '',
  );
}

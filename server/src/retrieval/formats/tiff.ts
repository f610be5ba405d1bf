import type { Text } from '@lectern/contract/lang.ts';
import { AppError, fail } from '../../kernel/errors.ts';
import type { Format } from './format.ts';
import { pdfFormat } from './pdf.ts';
import { type Fields, readDirectories } from './tiff-directories.ts';
import { isPage, pageOf, programMark, type TiffPage } from './tiff-pictures.ts';

const broken: Text = { en: 'it is damaged or no TIFF.', zh: '文件已损坏或不是 TIFF。' };

/**
 * TIFF files: what scanners and fax machines write, one picture or many. They are put into a PDF as they are packed, and
 * read as that: as a document of pages that are pictures of text.
 */
export const tiffFormat: Format = {
  name: 'TIFF',
  extensions: ['tif', 'tiff'],
  maxBytes: 200e6,
  binary: true,
  pictures: true,
  matches: (bytes) => /^(?:II\*\0|MM\0\*)/.test(Buffer.from(bytes.subarray(0, 4)).toString('latin1')),
  async read({ picturesDir: _, ...source }, progress) {
    const pages = pagesOf(source.bytes);
    if (source.ocr === 'off') return { markdown: '', pages: pages.length };
    return await pdfFormat.read({ ...source, bytes: pdfOf(pages) }, progress);
  },
};

function pagesOf(bytes: Uint8Array): TiffPage[] {
  try {
    const pages = readDirectories(bytes)
      .filter(isPage)
      .map((fields: Fields) => pageOf(bytes, fields));
    if (pages.some(({ parts }) => parts.length > 0)) return pages;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw fail('fileUnreadable', { params: { details: broken }, cause });
  }
  throw fail('fileUnreadable', { params: { details: broken } });
}

/** A PDF with a page for each, as large as it was on paper. */
function pdfOf(pages: TiffPage[]): Uint8Array {
  const objects: Uint8Array[] = [];
  const add = (text: string, stream?: Uint8Array): number => {
    const content = stream && [Buffer.from('\nstream\n'), stream, Buffer.from('\nendstream')];
    objects.push(Buffer.concat([Buffer.from(text, 'latin1'), ...(content ?? [])]));
    return objects.length;
  };
  const [catalogue, list] = [add('<< /Type /Catalog /Pages 2 0 R >>'), add('')];
  const kids = pages.map((page) => addPage(page, add, list));
  objects[list - 1] = Buffer.from(
    `<< /Type /Pages /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] /Count ${kids.length} >>`,
  );
  return fileOf(objects, catalogue);
}

type Add = (text: string, stream?: Uint8Array) => number;

function addPage(
  { width, height, resolution, turned, parts, program }: TiffPage,
  add: Add,
  list: number,
): number {
  const dropping = program
    ? add(`<< ${program[0]} /Length ${program[1].length} >>`, Buffer.from(program[1]))
    : 0;
  const names: string[] = [];
  const drawn: string[] = [];
  for (const [i, part] of parts.entries()) {
    const entries = part.entries.replace(programMark, String(dropping));
    const head = `<< /Type /XObject /Subtype /Image ${entries} /Length ${part.bytes.length} >>`;
    names.push(`/I${i} ${add(head, part.bytes)} 0 R`);
    // A little of each is drawn over by the next: else a pale line would be seen between them.
    const below = part.top + part.height < height ? 0.5 : 0;
    const [high, bottom] = [part.height + below, height - part.top - part.height - below];
    drawn.push(`q ${part.width} 0 0 ${high} ${part.left} ${bottom} cm /I${i} Do Q`);
  }
  const scale = 72 / resolution;
  const content = Buffer.from(`${scale} 0 0 ${scale} 0 0 cm\n${drawn.join('\n')}`);
  const box = `[0 0 ${width * scale} ${height * scale}]`;
  const contents = add(`<< /Length ${content.length} >>`, content);
  return add(
    `<< /Type /Page /Parent ${list} 0 R /MediaBox ${box} /Rotate ${turned} /Contents ${contents} 0 R /Resources << /XObject << ${names.join(' ')} >> >> >>`,
  );
}

function fileOf(objects: Uint8Array[], catalogue: number): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from('%PDF-1.4\n')];
  let length = parts[0]?.length ?? 0;
  const push = (part: Uint8Array): void => {
    parts.push(part);
    length += part.length;
  };
  const offsets = objects.map((object, i) => {
    const at = length;
    for (const part of [Buffer.from(`${i + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]) push(part);
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const start = length;
  push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`));
  push(
    Buffer.from(
      `trailer\n<< /Size ${objects.length + 1} /Root ${catalogue} 0 R >>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
  return new Uint8Array(Buffer.concat(parts));
}

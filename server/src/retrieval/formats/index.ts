import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fail } from '../../kernel/errors.ts';
import type { ParsedDocument } from '../ports.ts';
import type { Format } from './format.ts';
import { htmlFormat } from './html.ts';
import { markdownFormat } from './markdown.ts';
import { pdfFormat } from './pdf.ts';
import { textFormat } from './text.ts';

/** Every format that can be read; a new one is a file beside this and a line here. */
export const formats: readonly Format[] = [markdownFormat, textFormat, htmlFormat, pdfFormat];

/** Reads a file into Markdown by what it holds, then by its name. Fails as DocumentParser.parse says. */
export async function readDocument(
  file: { name: string; path: string; contentType?: string },
  progress: (share: number) => void,
): Promise<ParsedDocument> {
  const bytes = new Uint8Array(await readFile(file.path));
  const format = formatOf(file.name, bytes, file.contentType);
  if (!format) {
    const supported = formats.map((known) => known.extensions[0]).join(', ');
    throw fail('fileFormatUnknown', { params: { type: typeOf(file.name, file.contentType), supported } });
  }
  const document = await format.read(
    { name: file.name, bytes, contentType: file.contentType ?? '' },
    progress,
  );
  if (!/[\p{L}\p{N}]/u.test(document.markdown)) throw fail('noTextFound', { params: { name: file.name } });
  return document;
}

const extensionOf = (name: string): string => extname(name).slice(1).toLowerCase();

function typeOf(name: string, contentType: string | undefined): string {
  const extension = extensionOf(name);
  return extension === '' ? (contentType ?? '?') : extension;
}

function formatOf(name: string, bytes: Uint8Array, contentType: string | undefined): Format | undefined {
  const extension = extensionOf(name);
  const named = formats.find((format) => format.extensions.includes(extension));
  // A Markdown or text file may well begin with HTML or a PDF's signature as its subject; PDF is certain.
  const certain = formats.find((format) => format.matches?.(bytes));
  if (certain === pdfFormat || !named || named === textFormat) {
    if (certain) return certain;
  }
  if (named) return named === pdfFormat || !looksBinary(bytes) ? named : undefined;
  const unnamed = extension === '' || /^text\//.test(contentType ?? '');
  return unnamed && bytes.length > 0 && !looksBinary(bytes) ? textFormat : undefined;
}

/** Signatures of files that are no text though someone named them so: zip, old Office, images, gzip, programs. */
const binarySignatures = [
  'PK\x03\x04',
  '\xd0\xcf\x11\xe0',
  '\x89PNG',
  '\xff\xd8\xff',
  'GIF8',
  '\x1f\x8b',
  '\x7fELF',
  'MZ\x90',
];

function looksBinary(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  return binarySignatures.some((signature) => head.startsWith(signature));
}

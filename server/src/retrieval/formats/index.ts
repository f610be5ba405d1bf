import { open, readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { AppError, fail } from '../../kernel/errors.ts';
import { unknownFormat } from '../file-kinds.ts';
import type { DocumentFile } from '../ports.ts';
import { codeFormat } from './code.ts';
import { csvFormat } from './csv.ts';
import { docxFormat } from './docx.ts';
import { looksBinary } from './encoding.ts';
import { epubFormat } from './epub.ts';
import type { Format, ReadDocument, SourceFile } from './format.ts';
import { htmlFormat } from './html.ts';
import { imageFormat } from './image.ts';
import { withInlinePictures } from './inline-pictures.ts';
import { jsonFormat } from './json.ts';
import { mailFormat } from './mail.ts';
import { markdownFormat } from './markdown.ts';
import type { TextReader } from './ocr/reader.ts';
import { odpFormat, odtFormat, pptxFormat, rtfFormat } from './office.ts';
import { pdfFormat } from './pdf.ts';
import { sheetsFormat } from './sheets.ts';
import { textFormat } from './text.ts';
import { tiffFormat } from './tiff.ts';

/**
 * Every format that can be read; a new one is a file beside this and a line here. What a library takes much memory for
 * is loaded by the first file that needs it: most processes read a few formats in their life.
 */
export const formats: readonly Format[] = [
  markdownFormat,
  textFormat,
  htmlFormat,
  pdfFormat,
  docxFormat,
  pptxFormat,
  sheetsFormat,
  odtFormat,
  odpFormat,
  rtfFormat,
  epubFormat,
  mailFormat,
  jsonFormat,
  codeFormat,
  csvFormat,
  imageFormat,
  tiffFormat,
];

/** So much of a file is looked at to see what it is. */
const startLength = 64 * 1024;

const tooBig = (format: Format, bytes: number): Text => {
  const [size, limit] = [bytes, format.maxBytes].map((n) => `${Math.ceil(n / 1e6)} MB`);
  return {
    en: `it has ${size}; the limit for ${format.name} files is ${limit}. Split it into smaller files.`,
    zh: `文件大小为 ${size}，${format.name} 文件上限为 ${limit}，请拆分为较小的文件。`,
  };
};
const noText: Text = {
  en: 'its content is not text, though its name says so.',
  zh: '文件内容不是文本，与文件名不符。',
};
const tooDeep: Text = {
  en: 'its parts are nested too deeply.',
  zh: '文件内容嵌套层次过深。',
};
const broken: Text = { en: 'it is damaged.', zh: '文件已损坏。' };

/**
 * Reads a file into Markdown by what it holds, then by its name. Fails as DocumentParser.parse says. Without a `reader`
 * the text in pictures is left out, and `pagesToRead` says how much of it there is.
 */
export async function readDocument(
  file: DocumentFile & { reader?: TextReader },
  progress: (share: number) => void,
): Promise<ReadDocument> {
  const { size } = await stat(file.path);
  // Refused before all of it is in memory.
  const format = knownFormat(file, await startOf(file.path), size);
  const { buffer, byteOffset, byteLength } = await readFile(file.path);
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  const source = sourceOf({ ...file, bytes, contentType: file.contentType ?? '' }, 0);
  const document = withInlinePictures(await readAs(format, source, progress), file.picturesDir);
  if (!document.pagesToRead && !/[\p{L}\p{N}]/u.test(document.markdown)) throw nothingIn(file, format);
  return document;
}

/** The format of a file that may be read; fails when there is none or the file is too large for it. */
function knownFormat(
  file: Pick<DocumentFile, 'name' | 'contentType'>,
  start: Uint8Array,
  size: number,
): Format {
  const format = formatOf(file.name, start, file.contentType);
  if (!format) throw unknownFormat(file.name, file.contentType);
  if (size > format.maxBytes) throw unreadable(tooBig(format, size));
  return format;
}

/** A file with the means to read what lies within it. */
function sourceOf(file: Omit<SourceFile, 'depth' | 'readInside'>, depth: number): SourceFile {
  return {
    ...file,
    depth,
    async readInside(inside) {
      const { bytes } = inside;
      const format = knownFormat(inside, bytes.subarray(0, startLength), bytes.length);
      const { page: _, ...rest } = file;
      return await readAs(format, sourceOf({ ...rest, ...inside }, depth + 1), () => {});
    },
  };
}

/** Why a document has no text. */
function nothingIn({ name, ocr, reader }: DocumentFile & { reader?: TextReader }, format: Format): AppError {
  const cause = !format.pictures
    ? 'noTextFound'
    : ocr === 'off'
      ? 'ocrOff'
      : reader
        ? 'noTextRecognised'
        : 'noTextFound';
  return fail(cause, { params: { name } });
}

function unreadable(details: Text, cause?: unknown): AppError {
  return fail('fileUnreadable', { params: { details }, cause });
}

/** What a library cannot cope with is the file's fault, not a bug of the server. */
async function readAs(
  format: Format,
  source: SourceFile,
  progress: (share: number) => void,
): Promise<ReadDocument> {
  try {
    if (source.page && format === htmlFormat) {
      const { readWebPage } = await import('./web-page.ts');
      return readWebPage(source, source.page);
    }
    return await format.read(source, progress);
  } catch (error) {
    if (error instanceof AppError) throw error;
    // The engine's stack is full.
    throw unreadable(
      error instanceof RangeError && /call stack/.test(error.message) ? tooDeep : broken,
      error,
    );
  }
}

async function startOf(path: string): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(startLength), 0, startLength, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const extensionOf = (name: string): string => extname(name).slice(1).toLowerCase();

function formatOf(name: string, start: Uint8Array, contentType: string | undefined): Format | undefined {
  const extension = extensionOf(name);
  const named = formats.find((format) => format.extensions.includes(extension));
  // A Markdown or text file may well begin with HTML as its subject; signatures of binary files are certain. Programs
  // that offer a page to Word or Excel call it .doc or .xls.
  const certain = formats.find((format) => format.matches?.(start));
  if (certain?.binary || !named || named === textFormat || /^(?:doc|xls)$/.test(extension)) {
    if (certain) return certain;
  }
  if (named?.binary) return named;
  if (named) {
    if (looksBinary(start, named === csvFormat)) throw unreadable(noText);
    return named;
  }
  const unnamed = extension === '' || /^text\//.test(contentType ?? '');
  if (!unnamed || start.length === 0 || looksBinary(start)) return undefined;
  return /^text\/(?:csv|tab-separated-values)\b/.test(contentType ?? '') ? csvFormat : textFormat;
}

import { extname } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { type AppError, fail } from '../kernel/errors.ts';

/*
 * What files are read, by what they are called: for those who must know it without the programs that read them
 * (formats/).
 */

const extensions = new Set(
  (
    'md markdown mdx txt text log html htm xhtml pdf docx docm doc pptx ppt pptm ppsx potx xlsx xlsm xls xlsb xltx ods ots ' +
    'odt ott odp otp rtf epub eml json jsonl ndjson json5 geojson ipynb csv tsv tab png jpg jpeg webp gif bmp tif tiff ' +
    'py pyi pyw js mjs cjs jsx ts mts cts tsx vue svelte java kt kts scala groovy gradle c h cpp cc cxx hpp hh hxx cs ' +
    'fs vb go rs swift m mm dart rb php pl pm lua r jl ex exs erl hs clj cljs sh bash zsh ps1 psm1 bat cmd sql graphql ' +
    'gql proto css scss sass less xml xsd xsl svg plist yaml yml toml ini cfg conf properties env tf hcl tex diff patch'
  ).split(' '),
);

/** Whether files of this extension (lower case, without the dot) are read. */
export const isKnownExtension = (extension: string): boolean => extensions.has(extension);

/** The kinds of files that are read, in words. */
const supportedKinds: Text = {
  en: 'PDF, Word (docx), PowerPoint (pptx), spreadsheets (xlsx, xls, ods, csv, tsv), OpenDocument (odt, odp), RTF, EPUB, mails (eml), HTML, Markdown, plain text, JSON (json, jsonl, ipynb), YAML, source code, and pictures (png, jpg, jpeg, webp, gif, bmp, tiff)',
  zh: 'PDF、Word（docx）、PowerPoint（pptx）、电子表格（xlsx、xls、ods、csv、tsv）、OpenDocument（odt、odp）、RTF、EPUB、邮件（eml）、HTML、Markdown、纯文本、JSON（json、jsonl、ipynb）、YAML、源代码，以及图片（png、jpg、jpeg、webp、gif、bmp、tiff）',
};

const webArchive: Text = {
  en: 'it is a web archive (.mht). Open it in a browser and save it as HTML.',
  zh: '该文件为网页归档（.mht），请用浏览器打开并另存为 HTML。',
};
const appleFile = (program: string, as: string): Text => ({
  en: `it is a file of ${program}. Open it there and export it as ${as}.`,
  zh: `该文件为 ${program} 文件，请用其打开并导出为 ${as}。`,
});
/** What to do about files that are often brought and cannot be read. */
const advice: Record<string, Text> = {
  mht: webArchive,
  mhtml: webArchive,
  msg: {
    en: 'it is a mail of Outlook (.msg). Open it in Outlook or another mail program and save it as .eml.',
    zh: '该文件为 Outlook 邮件格式（.msg），请用 Outlook 或其他邮件程序打开并另存为 .eml。',
  },
  pages: appleFile('Pages', '.docx'),
  numbers: appleFile('Numbers', '.xlsx'),
  key: appleFile('Keynote', '.pptx'),
};

const extensionOf = (name: string): string => extname(name).slice(1).toLowerCase();

/** Why a file of an unknown kind is not read, and what to do about it. */
export function unknownFormat(name: string, contentType: string | undefined): AppError {
  const extension = extensionOf(name);
  const details = advice[extension];
  if (details) return fail('fileUnreadable', { params: { details }, param: 'file' });
  const type = extension === '' ? (contentType ?? '?') : extension;
  return fail('fileFormatUnknown', { params: { type, supported: supportedKinds }, param: 'file' });
}

/** Files that are known by their first bytes, whatever they are called. */
const signatures =
  /^(?:%PDF|PK|\xd0\xcf|\{\\rtf|\x89PNG|\xff\xd8\xff|GIF8|RIFF|II\*\0|MM\0\*|(?:\xef\xbb\xbf)?\s*<)/;

/**
 * Refuses a file that surely cannot be read, by its name and what its sender calls it; with its first bytes (64 are
 * enough) one that is called something else than it is passes. Reading it later decides. Throws fileFormatUnknown, or
 * fileUnreadable with advice.
 */
export function refuseUnknownFormat(name: string, contentType: string, start?: Uint8Array): void {
  const extension = extensionOf(name);
  if (extension === '' || isKnownExtension(extension) || /^text\//.test(contentType)) return;
  if (advice[extension] === undefined) {
    if (start && signatures.test(Buffer.from(start).toString('latin1'))) return;
    // Only called so: its bytes will say what it is.
    if (!start && /^(?:application\/(?:pdf|vnd\.|rtf|epub|json)|image\/)/.test(contentType)) return;
  }
  throw unknownFormat(name, contentType);
}

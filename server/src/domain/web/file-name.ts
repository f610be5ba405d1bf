import { basename, extname } from 'node:path';

/** The extension that a type of content is read by, whatever the address ends with. */
const extensions: Record<string, string> = {
  'text/html': '.html',
  'application/xhtml+xml': '.html',
  'text/markdown': '.md',
  'text/csv': '.csv',
  'text/tab-separated-values': '.tsv',
  'application/json': '.json',
  'application/pdf': '.pdf',
  'application/rtf': '.rtf',
  'application/epub+zip': '.epub',
  'application/msword': '.doc',
  'application/vnd.ms-excel': '.xls',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': '.docx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': '.pptx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': '.xlsx',
  'application/vnd.oasis.opendocument.text': '.odt',
  'application/vnd.oasis.opendocument.spreadsheet': '.ods',
  'application/vnd.oasis.opendocument.presentation': '.odp',
  'message/rfc822': '.eml',
  'image/png': '.png',
  'image/jpeg': '.jpg',
};

const longest = 150;

/** A name for what an address answered: as the server calls it, else the end of the address, else its host. */
export function fileNameOf(address: string, contentType: string, disposition?: string): string {
  const url = new URL(address);
  const last = basename(decoded(url.pathname));
  const name = givenName(disposition) || clean(last) || url.hostname;
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const wanted = extensions[type];
  if (wanted !== undefined && !sameKind(extname(name).toLowerCase(), wanted)) return name + wanted;
  return wanted === undefined && extname(name) === '' && type.startsWith('text/') ? `${name}.txt` : name;
}

const alike: Record<string, string[]> = {
  '.html': ['.htm', '.xhtml'],
  '.md': ['.markdown'],
  '.json': ['.jsonl', '.ndjson'],
  '.jpg': ['.jpeg'],
};

function sameKind(extension: string, wanted: string): boolean {
  return extension === wanted || (alike[wanted]?.includes(extension) ?? false);
}

/** How the server calls the file, when it says so. */
export function givenName(disposition: string | undefined): string | undefined {
  return clean(dispositionName(disposition) ?? '') || undefined;
}

function dispositionName(header: string | undefined): string | undefined {
  const extended = /filename\*\s*=\s*(?:UTF-8)?'[^']*'([^;]+)/i.exec(header ?? '')?.[1];
  if (extended !== undefined) return decoded(extended.trim());
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;]+))/i.exec(header ?? '');
  const given = plain?.[1] ?? plain?.[2];
  // Headers are read as Latin letters; what was sent in UTF-8 is turned back.
  return given === undefined ? undefined : decoded(Buffer.from(given.trim(), 'latin1').toString('utf8'));
}

/** Metadata only, never part of a path; still without what would make it look like one. */
function clean(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return basename(name.replace(/[\u0000-\u001f\\]/g, ''))
    .trim()
    .slice(-longest);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

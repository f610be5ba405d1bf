import { posix } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import type TurndownService from 'turndown';
import { fail } from '../../kernel/errors.ts';
import { withoutPrivateUse } from '../../kernel/positions.ts';
import { decodeText } from './encoding.ts';
import type { Format } from './format.ts';
import { htmlToMarkdown } from './html.ts';
import { pictureFiles } from './picture-files.ts';
import { attributeOf as attribute, parseXml, within, type Xml } from './xml.ts';
import { refuseDoctype, unzip } from './zip.ts';
import { isZip, zipKind } from './zip-kind.ts';

const damaged: Text = { en: 'it is damaged or no EPUB book.', zh: '文件已损坏或不是 EPUB 电子书。' };
const refused = (cause?: unknown) => fail('fileUnreadable', { params: { details: damaged }, cause });

/** Books: their chapters in the order of reading, without the table of contents that programs show. */
export const epubFormat: Format = {
  name: 'EPUB',
  extensions: ['epub'],
  maxBytes: 100e6,
  binary: true,
  matches: (start) => zipKind(start) === 'application/epub+zip',
  async read({ bytes, picturesDir }, progress) {
    if (!isZip(bytes)) throw refused();
    const wanted =
      picturesDir === undefined ? /\.(?:[xs]?html?|xml|opf)$/i : /\.(?!css|js|[ot]tf|woff|mp\d)[^.]+$/i;
    const parts = await unzip(bytes, (name) => wanted.test(name));
    const book = bookOf(parts);
    const pictures = pictureFiles(picturesDir);
    const chapters: string[] = [];
    for (const [i, path] of book.chapters.entries()) {
      const content = parts.get(path);
      if (!content) continue;
      const picture = (source: string, description: string): string => {
        const image = parts.get(resolved(path, source));
        return image ? pictures.keep(image, description) : description;
      };
      chapters.push(htmlToMarkdown(closed(decodeText(content).text), { picture, addRules: addBookRules }));
      progress((i + 1) / book.chapters.length);
    }
    const markdown = chapters.filter((chapter) => chapter !== '').join('\n\n');
    return { ...(book.title && { title: book.title }), markdown, ...pictures.kept() };
  },
};

function parsed(parts: Map<string, Uint8Array>, name: string): Xml {
  const content = parts.get(name);
  if (!content) throw refused();
  // Of a book's lists only: chapters are HTML, which may declare its type.
  refuseDoctype(name, content);
  try {
    return parseXml(content);
  } catch (error) {
    throw refused(error);
  }
}

const textOf = (value: Xml | Xml[] | string | undefined): string => {
  const first = Array.isArray(value) ? value[0] : value;
  const text = typeof first === 'object' ? first['#text'] : first;
  return typeof text === 'string' ? withoutPrivateUse(text).trim() : '';
};

/** A place in the book as seen from a file of it. Names only what is in the book: nothing is read from disk. */
function resolved(from: string, address: string): string {
  const path = address.replace(/[#?].*$/, '');
  try {
    return posix.join(posix.dirname(from), decodeURIComponent(path));
  } catch {
    return posix.join(posix.dirname(from), path);
  }
}

interface Book {
  title: string;
  /** Paths of the chapters, in the order of reading. */
  chapters: string[];
}

function bookOf(parts: Map<string, Uint8Array>): Book {
  const container = parsed(parts, 'META-INF/container.xml');
  const [rootfile] = within([container], 'container', 'rootfiles', 'rootfile');
  const root = attribute(rootfile, 'full-path');
  const list = within([parsed(parts, root)], 'package');
  const items = within(list, 'manifest', 'item');
  const byId = new Map(items.map((item) => [attribute(item, 'id'), item]));
  const chapters = within(list, 'spine', 'itemref').flatMap((reference) => {
    const item = byId.get(attribute(reference, 'idref'));
    const isText = /html/.test(attribute(item, 'media-type'));
    const isContents = attribute(item, 'properties').split(/\s+/).includes('nav');
    return isText && !isContents ? [resolved(root, attribute(item, 'href'))] : [];
  });
  refuseProtected(parts, chapters);
  // Each once: a small book could name one a million times.
  return { title: textOf(within(list, 'metadata')[0]?.title), chapters: [...new Set(chapters)] };
}

/** Fonts are often encrypted in free books; chapters only in those that one reader alone can open. */
function refuseProtected(parts: Map<string, Uint8Array>, chapters: string[]): void {
  if (!parts.has('META-INF/encryption.xml')) return;
  const list = parsed(parts, 'META-INF/encryption.xml');
  const references = within([list], 'encryption', 'EncryptedData', 'CipherData', 'CipherReference');
  const paths = references.map((reference) => resolved('', attribute(reference, 'URI')));
  if (paths.some((path) => chapters.includes(path))) throw fail('fileEncrypted');
}

/** Links to other chapters lead nowhere outside of the book: their text stays. Books stress much; passages need not. */
function addBookRules(service: TurndownService): void {
  service.addRule('stress', {
    filter: ['em', 'i', 'strong', 'b'],
    replacement: (content) => content,
  });
  service.addRule('inside', {
    filter: (node) => node.nodeName === 'A' && !/^(?:https?|mailto):/i.test(node.getAttribute('href') ?? ''),
    replacement: (content) => content,
  });
}

const neverClosed = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

/** Elements that XHTML ends at once, such as `<script/>` and `<a id="x"/>`: a reader of HTML would take them for open. */
const closed = (html: string): string =>
  html.replace(/<([a-z][\w:-]{0,40})((?:\s[^<>]{0,2000})?)\/>/gi, (whole, name: string, rest: string) =>
    neverClosed.test(name) ? whole : `<${name}${rest}></${name}>`,
  );

import type { Text } from '@lectern/contract/lang.ts';
import type TurndownService from 'turndown';
import { fail } from '../../kernel/errors.ts';
import { containerKind, refusedContainer } from './container.ts';
import { headingStyles } from './docx-styles.ts';
import { decodeText } from './encoding.ts';
import type { Format } from './format.ts';
import { htmlToMarkdown } from './html.ts';
import { headingTitle } from './markdown.ts';
import { pictureFiles } from './picture-files.ts';
import { refuseDoctype, unzip } from './zip.ts';
import { isZip, zipKind } from './zip-kind.ts';

/** Styles that mammoth does not know by itself. */
const styleMap = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='标题'] => h1:fresh",
  ...[1, 2, 3, 4, 5, 6].map((level) => `p[style-name='标题 ${level}'] => h${level}:fresh`),
  ...[7, 8, 9].map((level) => `p[style-name='heading ${level}'] => h6:fresh`),
  "p[style-name='Source Code'] => pre:separator('\\n')",
  "p[style-name='HTML Preformatted'] => pre:separator('\\n')",
];

const damaged: Text = { en: 'it is damaged or no Word document.', zh: '文件已损坏或不是 Word 文档。' };
/** Word documents: headings, lists, tables, notes, links, and what pictures are said to show. */
export const docxFormat: Format = {
  name: 'Word',
  extensions: ['docx', 'docm', 'doc'],
  maxBytes: 100e6,
  binary: true,
  matches: (bytes) => zipKind(bytes) === 'word',
  async read({ bytes, picturesDir }) {
    const container = containerKind(bytes);
    if (container) throw refusedContainer(container);
    if (!isZip(bytes)) throw fail('fileUnreadable', { params: { details: damaged } });
    const parts = await partsOf(bytes, picturesDir !== undefined);
    if (![...parts.keys()].some((name) => /^word\/.*\.xml$/.test(name)))
      throw fail('fileUnreadable', { params: { details: damaged } });
    const { html, images } = await toHtml(parts);
    const pictures = pictureFiles(picturesDir);
    const markdown = htmlToMarkdown(html, {
      addRules: addNoteRules,
      picture: (source, description) => {
        const image = images[Number(source.slice(imageMark.length))];
        return image ? pictures.keep(image, description) : description;
      },
    });
    const title = headingTitle(markdown);
    return { ...(title && { title }), markdown, ...pictures.kept() };
  },
};

/**
 * The parts that carry text, and pictures where they are wanted. Entities are refused: Word writes none, and they can
 * name files or grow without end.
 */
async function partsOf(bytes: Uint8Array, withPictures: boolean): Promise<Map<string, string | Uint8Array>> {
  const parts = new Map<string, string | Uint8Array>();
  const wanted = withPictures ? /\.(?:xml|rels|png|jpe?g|gif|webp|bmp)$/i : /\.(?:xml|rels)$/i;
  for (const [name, content] of await unzip(bytes, (entry) => wanted.test(entry))) {
    if (!/\.(?:xml|rels)$/i.test(name)) {
      parts.set(name, content);
      continue;
    }
    refuseDoctype(name, content);
    parts.set(name, decodeText(content).text);
  }
  return parts;
}

/** Begins the address of a picture on its way from Word to Markdown; its number follows. */
const imageMark = 'image:';

async function toHtml(
  parts: Map<string, string | Uint8Array>,
): Promise<{ html: string; images: (Uint8Array | undefined)[] }> {
  // In place of a file: the parts that were unpacked within limits.
  const file = {
    exists: (name: string) => parts.has(name),
    read: async (name: string) => parts.get(name) ?? '',
  };
  const images: (Uint8Array | undefined)[] = [];
  const { default: mammoth } = await import('mammoth');
  const { value } = await mammoth.convertToHtml({ file } as never, {
    styleMap: [...styleMap, ...headingStyles(String(parts.get('word/styles.xml') ?? ''))],
    includeEmbeddedStyleMap: false,
    externalFileAccess: false,
    convertImage: mammoth.images.imgElement(async (image) => {
      // Pictures outside of the document are not read.
      const content: unknown = await image.readAsArrayBuffer().catch(() => undefined);
      images.push(content instanceof Uint8Array ? content : undefined);
      return { src: `${imageMark}${images.length - 1}` };
    }),
  });
  return { html: value, images };
}

interface Element {
  getAttribute(name: string): string | null;
  parentNode: { childNodes: ArrayLike<unknown> } | null;
}

/** Notes as Markdown writes them, and links within the document as their text: their targets are gone. */
function addNoteRules(service: TurndownService): void {
  const attribute = (node: unknown, name: string): string => (node as Element).getAttribute(name) ?? '';
  service.addRule('inside', {
    filter: (node) => node.nodeName === 'A' && attribute(node, 'href').startsWith('#'),
    replacement: (content, node) => {
      const href = attribute(node, 'href');
      if (/^#(?:foot|end)note-ref-/.test(href)) return '';
      const isNote = /^#(?:foot|end)note-/.test(href);
      return isNote ? `[^${(node.textContent ?? '').replace(/\D/g, '')}]` : content;
    },
  });
  service.addRule('note', {
    filter: (node) => node.nodeName === 'LI' && /^(?:foot|end)note-/.test(attribute(node, 'id')),
    replacement: (content, node) => {
      const siblings = Array.from((node as unknown as Element).parentNode?.childNodes ?? []);
      return `\n\n[^${siblings.indexOf(node) + 1}]: ${content.trim()}\n\n`;
    },
  });
}

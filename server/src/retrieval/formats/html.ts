import { highlightedCodeBlock, strikethrough } from '@joplin/turndown-plugin-gfm';
import type { Text } from '@lectern/contract/lang.ts';
import TurndownService from 'turndown';
import { fail } from '../../kernel/errors.ts';
import { withoutPrivateUse } from '../../kernel/positions.ts';
import { decodeText } from './encoding.ts';
import type { Format } from './format.ts';
import { dropFooterLinks } from './html-footer.ts';
import { addTableRules, withoutMarks } from './html-tables.ts';
import { tidy } from './text.ts';

/** Far beyond what people write; browsers flatten what is deeper than 512. */
const maxDepth = 3000;
const tooDeep: Text = {
  en: `its elements are nested more than ${maxDepth} deep.`,
  zh: `元素嵌套超过 ${maxDepth} 层。`,
};
/** With more, taking a page apart needs more memory than there is. */
const mostElements = 200_000;
const tooMany: Text = {
  en: `it has more than ${mostElements} elements. Split it into smaller files.`,
  zh: `其中的元素超过 ${mostElements} 个，请拆分为较小的文件。`,
};
const leftOpen = new Set(
  'area base br col embed hr img input link meta param source track wbr path p li dt dd tr td th thead tbody option'.split(
    ' ',
  ),
);

const headerCharset = /charset\s*=\s*["']?([\w-]+)/i;
const metaCharset = /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w-]+)/i;

/** HTML pages as Markdown: everything a reader sees but navigation, scripts and styles. */
export const htmlFormat: Format = {
  name: 'HTML',
  extensions: ['html', 'htm', 'xhtml'],
  maxBytes: 10e6,
  matches: (bytes) =>
    /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html[\s>])/i.test(start(bytes)),
  read({ bytes, contentType }) {
    const text = decodePage(bytes, contentType);
    const markdown = htmlToMarkdown(text, { addRules: dropFooterLinks });
    const title = pageTitle(text);
    return title ? { title, markdown } : { markdown };
  },
};

/** The text of a page, in the encoding that its header or the page itself declares where that fits. */
export function decodePage(bytes: Uint8Array, contentType: string): string {
  const declared = headerCharset.exec(contentType)?.[1] ?? metaCharset.exec(start(bytes))?.[1];
  return decodeText(bytes, declared).text;
}

/** Refuses a page before it is parsed that would take a parser very long. */
export function refuseTooDeep(html: string): void {
  let elements = 0;
  for (const _ of html.matchAll(/<[a-z]/gi)) elements += 1;
  if (elements > mostElements) throw fail('fileUnreadable', { params: { details: tooMany } });
  if (depthOf(html) > maxDepth) throw fail('fileUnreadable', { params: { details: tooDeep } });
}

/**
 * About how deeply the elements of a page are nested, before it is parsed: the parser's work grows with the square of
 * it. Elements that many authors leave open, and those without an end, do not count.
 */
function depthOf(html: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [, close, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (leftOpen.has(name.toLowerCase())) continue;
    depth = close === '/' ? Math.max(0, depth - 1) : depth + 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** The first bytes as Latin letters, without the zero bytes of UTF-16. */
function start(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 4096))
    .toString('latin1')
    .replace(/^(?:ÿþ|þÿ|ï»¿)/, '')
    .replaceAll('\0', '');
}

function pageTitle(html: string): string | undefined {
  const inside = /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1];
  const title =
    inside &&
    new TurndownService()
      .turndown(inside)
      .replace(/\\([\\`*_{}[\]()#+\-.!>|])/g, '$1')
      .trim();
  return title || undefined;
}

/** Styles with which nobody sees what a page says: it is often meant for programs that read it. */
const unseen =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*0*(?:\.0*)?(?:[a-z]+|%)?\s*(?:!|;|$))/i;

/** Whether an address is one of the web, of mail, or within the site; others run something or mean nothing elsewhere. */
function leadsToPage(address: string): boolean {
  // Browsers do not see these signs.
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(address.replace(/[\0-\x20]/g, '')) ?? [];
  return scheme === undefined || /^(?:https?|mailto)$/i.test(scheme);
}

interface PageNode {
  nodeName: string;
  nodeValue: string | null;
  previousSibling: PageNode | null;
  parentNode: PageNode | null;
}

/** Whether a picture stands right behind another or behind a word, so that what it shows would be glued to it. */
function touches(node: unknown): boolean {
  let at = node as PageNode;
  while (
    !at.previousSibling &&
    at.parentNode &&
    /^(?:span|picture|b|i|em|strong)$/i.test(at.parentNode.nodeName)
  )
    at = at.parentNode;
  const neighbour = at.previousSibling;
  if (!neighbour) return false;
  if (neighbour.nodeName === '#text') return /\S$/.test(neighbour.nodeValue ?? '');
  return /^(?:img|image|a|span|picture|b|i|em|strong)$/i.test(neighbour.nodeName);
}

export interface HtmlOptions {
  /** Rules of the caller, which come before all others. */
  addRules?(service: TurndownService): void;
  /** The Markdown of a picture by its address and description; by default the description. */
  picture?(source: string, description: string): string;
}

/**
 * Turns a page or a fragment of HTML into Markdown; tables keep their rows, the first one being the header. Fails with
 * fileUnreadable when its elements are nested too deeply.
 */
export function htmlToMarkdown(html: string, { addRules, picture }: HtmlOptions = {}): string {
  refuseTooDeep(html);
  const service = new TurndownService({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
    emDelimiter: '*',
  });
  service.use([highlightedCodeBlock, strikethrough]);
  addTableRules(service);
  service.remove(['script', 'style', 'noscript', 'template', 'nav', 'iframe', 'object', 'title']);
  service.addRule('invisible', {
    filter: (node) =>
      node.hasAttribute('hidden') ||
      /^(?:svg|template)$/i.test(node.nodeName) ||
      unseen.test((node.getAttribute('style') ?? '').replace(/\/\*.*?\*\//gs, '')),
    replacement: () => '',
  });
  service.addRule('picture', {
    filter: (node) => /^(?:img|image)$/i.test(node.nodeName),
    replacement: (_, node) => {
      const attribute = (name: string): string =>
        (node as unknown as { getAttribute(name: string): string | null }).getAttribute(name) ?? '';
      const description = withoutPrivateUse(attribute('alt')).replace(/\s+/g, ' ').trim();
      const source = attribute('src');
      // What holds the picture itself is kept where the document is complete.
      const shown = /^\s*data:image\//i.test(source)
        ? `![${description.replace(/[[\]]/g, ' ')}](${source.replace(/\s+/g, '')})`
        : (picture?.(source, description) ?? description);
      return shown === '' ? '' : (touches(node) ? ' ' : '') + shown;
    },
  });
  service.addRule('otherScheme', {
    filter: (node) => node.nodeName === 'A' && !leadsToPage(node.getAttribute('href') ?? ''),
    replacement: (content) => content,
  });
  // Headings of many sites end in a link to themselves that shows a sign or nothing.
  service.addRule('anchor', {
    filter: (node) =>
      node.nodeName === 'A' && /^[\s\u200b#¶§🔗]*$/u.test(node.textContent ?? '') && !node.firstElementChild,
    replacement: () => '',
  });
  addRules?.(service);
  // Entities can name characters that are marks of ours.
  return tidy(withoutPrivateUse(service.turndown(withoutMarks(html))));
}

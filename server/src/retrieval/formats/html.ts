import { gfm } from '@joplin/turndown-plugin-gfm';
import TurndownService from 'turndown';
import { decodeText } from './encoding.ts';
import type { Format } from './format.ts';
import { tidy } from './text.ts';

const metaCharset = /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w-]+)/i;

/** HTML pages as Markdown: everything a reader sees but navigation, scripts and styles. */
export const htmlFormat: Format = {
  name: 'HTML',
  extensions: ['html', 'htm', 'xhtml'],
  maxBytes: 20e6,
  matches: (bytes) =>
    /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html[\s>])/i.test(start(bytes)),
  read({ bytes }) {
    const { text } = decodeText(bytes, metaCharset.exec(start(bytes))?.[1]);
    const title = pageTitle(text);
    const markdown = htmlToMarkdown(text);
    return title ? { title, markdown } : { markdown };
  },
};

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

/** Turns a page or a fragment of HTML into Markdown; tables keep their rows, the first one being the header. */
export function htmlToMarkdown(html: string): string {
  const service = new TurndownService({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
    emDelimiter: '*',
  });
  service.use(gfm);
  service.remove(['script', 'style', 'noscript', 'template', 'nav', 'iframe', 'object', 'title']);
  service.addRule('invisible', {
    filter: (node) => node.hasAttribute('hidden') || /^svg$/i.test(node.nodeName),
    replacement: () => '',
  });
  service.addRule('dataImage', {
    filter: (node) => node.nodeName === 'IMG',
    replacement: (_, node) =>
      (node as unknown as { getAttribute(name: string): string | null }).getAttribute('alt') ?? '',
  });
  return tidy(fillTableHeaders(service.turndown(html)));
}

/** A table without header row comes out with an empty one: its first row takes that place. */
function fillTableHeaders(markdown: string): string {
  return markdown.replace(
    /^(\|(?:\s*\|)+)\n(\|(?:\s*:?-+:?\s*\|)+)\n(\|.*\|)$/gm,
    (_, _empty: string, rule: string, first: string) => `${first}\n${rule}`,
  );
}

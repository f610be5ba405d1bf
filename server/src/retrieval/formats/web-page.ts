import { isProbablyReaderable, Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import type TurndownService from 'turndown';
import { fail } from '../../kernel/errors.ts';
import { withoutInlinePictures } from '../../kernel/pictures.ts';
import type { ParsedDocument, WebPage } from '../ports.ts';
import type { SourceFile } from './format.ts';
import { decodePage, htmlToMarkdown, refuseTooDeep } from './html.ts';

/*
 * A page of the web: its main content, without what surrounds it on every page of its site. Uploaded HTML is read
 * whole (html.ts), as its author chose it.
 */

/** What is used of the parser's documents and elements. */
interface PageElement {
  readonly textContent: string | null;
  readonly outerHTML: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  readonly parentElement: PageElement | null;
  remove(): void;
}
interface Page {
  readonly documentElement: PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  cloneNode(deep: boolean): Page;
}

/** The main content is believed when it holds this share of the page's text, and nearly all cells of its tables. */
const leastText = 0.25;
const leastCells = 0.9;
/** Links of one page. */
const mostLinks = 5000;

/** What stands around the content, when the whole page is read. */
const around = 'header, footer, nav, aside, form, [role=navigation], [role=banner], [role=contentinfo]';

/** Reads a page; fails with selectorInvalid or selectorUnmatched when the wanted part is not there. */
export function readWebPage(
  { bytes, contentType }: Pick<SourceFile, 'bytes' | 'contentType'>,
  page: WebPage,
): ParsedDocument {
  const html = decodePage(bytes, contentType);
  refuseTooDeep(html);
  const document = documentOf(html);
  makeAbsolute(document, page.url);
  const title = titleOf(document);
  const links = linksOf(document);
  const markdown =
    page.selector === undefined ? mainContent(document) : selected(document, page.selector, page.url);
  return { markdown, links, ...(title !== undefined && { title }) };
}

/** A fragment without its `html` would become a document that nothing can be found in. */
function documentOf(html: string): Page {
  const whole = /<html[\s>]/i.test(html) ? html : `<!doctype html><html><body>${html}</body></html>`;
  return parseHTML(whole).document as unknown as Page;
}

function makeAbsolute(document: Page, url: string): void {
  const base = URL.parse(document.querySelector('base[href]')?.getAttribute('href') ?? '', url)?.href ?? url;
  for (const [selector, attribute] of [
    ['a[href]', 'href'],
    ['img[src]', 'src'],
  ] as const) {
    for (const element of document.querySelectorAll(selector)) {
      const whole = URL.parse(element.getAttribute(attribute) ?? '', base);
      if (whole && /^(?:https?|mailto):$/.test(whole.protocol)) element.setAttribute(attribute, whole.href);
      else if (attribute === 'href' || !/^\s*data:image\//i.test(element.getAttribute('src') ?? ''))
        element.removeAttribute(attribute);
    }
  }
}

function titleOf(document: Page): string | undefined {
  const words = (text: string | null | undefined) => text?.replace(/\s+/g, ' ').trim() || undefined;
  const found = words(document.querySelector('title')?.textContent);
  return (found ?? words(document.querySelector('h1')?.textContent))?.slice(0, 200);
}

function linksOf(document: Page): string[] {
  const links = new Set<string>();
  for (const anchor of document.querySelectorAll('a[href]')) {
    const url = URL.parse(anchor.getAttribute('href') ?? '');
    if (!url || !/^https?:$/.test(url.protocol) || /\bnofollow\b/.test(anchor.getAttribute('rel') ?? ''))
      continue;
    url.hash = '';
    links.add(url.href);
    if (links.size >= mostLinks) break;
  }
  return [...links];
}

function selected(document: Page, selector: string, url: string): string {
  let found: PageElement[];
  try {
    found = [...document.querySelectorAll(selector)];
  } catch (cause) {
    throw fail('selectorInvalid', { params: { selector }, cause });
  }
  // What stands inside another match comes with it.
  const all = new Set(found);
  const outer = found.filter((element) => !isInside(element, all));
  const markdown = outer.map((element) => asMarkdown(element.outerHTML)).join('\n\n');
  if (markdown.trim() === '') throw fail('selectorUnmatched', { params: { selector, url } });
  return markdown;
}

function isInside(element: PageElement, others: Set<PageElement>): boolean {
  for (let at = element.parentElement; at !== null; at = at.parentElement) if (others.has(at)) return true;
  return false;
}

/** What the reader finds, unless it drops tables or most of the text: then the whole page without its surroundings. */
function mainContent(document: Page): string {
  const whole = document.cloneNode(true);
  for (const element of whole.querySelectorAll(around)) element.remove();
  const body = asMarkdown((whole.querySelector('body') ?? whole.documentElement).outerHTML);
  if (!isProbablyReaderable(document as never)) return body || everything(document);
  // The reader takes the document apart.
  const article = new Readability(document.cloneNode(true) as never, { charThreshold: 200 }).parse();
  const content = article?.content ? asMarkdown(article.content) : '';
  const enough =
    lettersOf(content) >= leastText * lettersOf(body) && cellsOf(content) >= leastCells * cellsOf(body);
  if (content !== '' && enough) return withHeading(content, document);
  return body || everything(document);
}

/** A page that consists of what usually stands around the content. */
function everything(document: Page): string {
  return asMarkdown((document.querySelector('body') ?? document.documentElement).outerHTML);
}

/** The reader takes a heading for the title and leaves it out of the content. */
function withHeading(content: string, document: Page): string {
  const heading = document.querySelector('h1')?.textContent?.replace(/\s+/g, ' ').trim();
  return !heading || /^# /m.test(content) || content.includes(`# ${heading}`)
    ? content
    : `# ${heading}\n\n${content}`;
}

const lettersOf = (markdown: string) => withoutInlinePictures(markdown).match(/[\p{L}\p{N}]/gu)?.length ?? 0;
const cellsOf = (markdown: string) =>
  markdown.split('\n').reduce((sum, line) => sum + (line.startsWith('|') ? line.split('|').length : 0), 0);

const asMarkdown = (html: string) => htmlToMarkdown(html, { addRules: keepPictures });

/** Pictures of a page stay where they are and are referred to. */
function keepPictures(service: TurndownService): void {
  const attribute = (node: TurndownService.Node, name: string) =>
    (node as unknown as PageElement)
      .getAttribute(name)
      ?.replace(/[[\]()\s]+/g, ' ')
      .trim() ?? '';
  service.addRule('webImage', {
    filter: (node) => node.nodeName === 'IMG' && /^https?:/.test(attribute(node, 'src')),
    replacement: (_, node) => {
      const source = (node as unknown as PageElement).getAttribute('src') ?? '';
      return `![${attribute(node, 'alt')}](${source.replace(/[()]/g, encodeURIComponent)})`;
    },
  });
}

import { decodeText } from './encoding.ts';
import type { Format } from './format.ts';
import { tidy } from './text.ts';

const frontMatter = /^---\n([\s\S]*?)\n---(?:\n|$)/;

/** A heading of the first rank near the start of a document, as its title. */
export function headingTitle(markdown: string): string | undefined {
  return /^#\s+(.+?)\s*#*$/m.exec(markdown.slice(0, 2000))?.[1];
}

/** Markdown as it is, without its front matter; the title is taken from there or from a first heading. */
export const markdownFormat: Format = {
  name: 'Markdown',
  extensions: ['md', 'markdown', 'mdx'],
  maxBytes: 50e6,
  read({ bytes }) {
    const text = decodeText(bytes).text.replace(/\r\n?/g, '\n');
    const header = frontMatter.exec(text);
    const markdown = tidy(header ? text.slice(header[0].length) : text);
    const declared = /^title:\s*["']?(.*?)["']?\s*$/m.exec(header?.[1] ?? '')?.[1];
    const title = declared || headingTitle(markdown);
    return title ? { title, markdown } : { markdown };
  },
};

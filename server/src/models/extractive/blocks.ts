import { readRow, renderRow } from './table.ts';

/** A part of a Markdown text that stands by itself, its marks taken away. */
export interface Block {
  kind: 'heading' | 'text' | 'item' | 'row' | 'code';
  text: string;
  /** The cells of a table row. */
  cells?: string[];
  /** A list item that begins with a link: it says where to read on. */
  link?: boolean;
}

const fence = /^\s*(?:```|~~~)/;
const heading = /^\s*#{1,6}\s+(.*?)\s*#*\s*$/;
const ruler = /^\s*[-=*_]{3,}\s*$/;
const item = /^\s*(?:>\s?)*(?:[-*+]|\d{1,3}[.)])\s/;

/** A longer line keeps its marks: looking for their ends would take long, and nobody writes such lines. */
const longestMarked = 4_000;

/** Divides Markdown into blocks. A table row is one block, header rows are none; a code block is one block. */
export function readBlocks(markdown: string): Block[] {
  const out: Block[] = [];
  let lines: string[] = [];
  let code: string[] | undefined;
  let table: string[] = [];
  const close = () => {
    if (lines.length > 0) out.push(...paragraph(lines));
    if (table.length > 0) out.push(...rows(table));
    lines = [];
    table = [];
  };
  for (const line of markdown.split(/\r?\n/)) {
    if (fence.test(line)) {
      close();
      if (code && code.length > 0) out.push({ kind: 'code', text: code.join('\n') });
      code = code ? undefined : [];
    } else if (code) {
      code.push(line);
    } else if (heading.test(line)) {
      close();
      out.push({ kind: 'heading', text: stripMarkup(heading.exec(line)?.[1] ?? '') });
    } else if (line.trim() === '' || ruler.test(line)) {
      close();
    } else if (/^\s*\|/.test(line)) {
      if (table.length === 0) close();
      table.push(line);
    } else {
      if (item.test(line) || table.length > 0) close();
      lines.push(line);
    }
  }
  if (code && code.length > 0) out.push({ kind: 'code', text: code.join('\n') });
  close();
  return out;
}

function paragraph(lines: string[]): Block[] {
  const raw = lines.join(' ');
  if (isNavigation(raw)) return [];
  const text = joinLines(lines.map(stripMarkup));
  if (!item.test(raw)) return [{ kind: 'text', text }];
  return [{ kind: 'item', text, link: /^\s*(?:[-*+]|\d{1,3}[.)])\s+\[[^\]]+\]\(/.test(raw) }];
}

/** Whether a text is little but links, as lines of languages and lists of pages are. */
function isNavigation(raw: string): boolean {
  if (raw.length > longestMarked) return false;
  const letters = (text: string) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const links = [...raw.matchAll(/(?<!!)\[([^\]]+)\]\([^)]*\)/g)];
  if (links.length === 0) return false;
  const inside = links.reduce((sum, [, text]) => sum + letters(text ?? ''), 0);
  const outside = letters(raw.replace(/!?\[[^\]]*\]\([^)]*\)/g, ''));
  return inside + outside < 60 && outside < 2 * inside;
}

function rows(lines: string[]): Block[] {
  const parsed = lines.map((line) => readRow(line).map(stripInline));
  const below = lines[1] ?? '';
  const headed = /^[\s|:-]+$/.test(below) && below.includes('-');
  const header = headed ? parsed[0] : undefined;
  return parsed.flatMap((cells, i): Block[] => {
    if (cells.every((cell) => /^[:\s-]*$/.test(cell)) || (headed && i === 0)) return [];
    return [{ kind: 'row', text: renderRow(cells, header), cells }];
  });
}

/** Lines of one paragraph belong together; between Chinese characters no blank is put. */
function joinLines(lines: string[]): string {
  return lines.reduce((a, b) => (/[\p{Script=Han}，。、；：]$/u.test(a) ? a + b.trim() : `${a} ${b.trim()}`));
}

/** Takes the marks of lists and quotes away, and those within the line. */
function stripMarkup(line: string): string {
  const bare = line.replace(/^\s*(?:>\s?)+/, '').replace(/^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/, '');
  return stripInline(bare);
}

/** Takes the marks of emphasis, links and code away, and leaves the words. */
function stripInline(text: string): string {
  if (text.length > longestMarked) return text;
  return text
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])/g, '$1')
    .replace(/`([^`]+)`/g, '$1')
    .replace(/<\/?(?:b|i|em|strong|br|span|u|sup|sub|p|div)\b[^>]*>/gi, '');
}

/** A piece of a passage that can stand in an answer by itself, with its place in the passage from 0. */
export interface Sentence {
  text: string;
  position: number;
}

/** Longest sentence quoted, in characters; longer ones are cut at a comma or blank. */
const longest = 400;

/** Words with a full stop that end no sentence. */
const abbreviation =
  /(?:^|[\s("'“])(?:[A-Za-z]|[A-Z][a-z]?|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Gen|Col|Capt|Lt|Sgt|Rev|Hon|Gov|Sen|Rep|Mt|Ft|No|Nos|vs|etc|al|cf|ca|approx|Inc|Ltd|Co|Corp|Bros|Fig|Eq|Vol|pp?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|e\.g|i\.e|U\.S|U\.K|a\.m|p\.m)\.$/;

/**
 * Divides Markdown into sentences, verbatim but for markup. Lines of code and of tables stay whole: a table row is
 * one piece, a code block is one piece. Headings are left out: they name, they do not say.
 */
export function splitSentences(markdown: string): Sentence[] {
  const out: string[] = [];
  let paragraph: string[] = [];
  let code: string[] | undefined;
  const close = () => {
    if (paragraph.length > 0) out.push(...splitParagraph(joinLines(paragraph)));
    paragraph = [];
  };
  for (const line of markdown.split(/\r?\n/)) {
    if (/^\s*(?:```|~~~)/.test(line)) {
      close();
      if (code) {
        if (code.length > 0) out.push(code.join('\n'));
        code = undefined;
      } else {
        code = [];
      }
    } else if (code) {
      code.push(line);
    } else if (/^\s*(?:#{1,6}\s|[-=*_]{3,}\s*$)/.test(line) || line.trim() === '') {
      close();
    } else if (/^\s*\|/.test(line)) {
      close();
      if (!/^[\s|:-]+$/.test(line)) out.push(tableRow(line));
    } else {
      if (/^\s*(?:[-*+]|\d{1,3}[.)])\s/.test(line)) close();
      paragraph.push(stripMarkup(line));
    }
  }
  if (code && code.length > 0) out.push(code.join('\n'));
  close();
  const seen = new Set<string>();
  return out
    .map((text) => text.trim())
    .filter((text) => /[\p{L}\p{N}]/u.test(text) && !seen.has(text) && seen.add(text))
    .map((text, position) => ({ text, position }));
}

function tableRow(line: string): string {
  return stripMarkup(line)
    .replace(/^\s*\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim())
    .filter(Boolean)
    .join(' | ');
}

/** Lines of one paragraph belong together; between Chinese characters no blank is put. */
function joinLines(lines: string[]): string {
  return lines.reduce((a, b) => (/[\p{Script=Han}，。、；：]$/u.test(a) ? a + b.trim() : `${a} ${b.trim()}`));
}

/** Takes the marks of emphasis, links, lists and quotes away, and leaves the words. */
export function stripMarkup(line: string): string {
  return line
    .replace(/^\s*(?:>\s?)+/, '')
    .replace(/^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/, '')
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])/g, '$1')
    .replace(/`([^`]+)`/g, '$1')
    .replace(/<\/?(?:b|i|em|strong|br|span|u|sup|sub|p|div)\b[^>]*>/gi, '');
}

function splitParagraph(text: string): string[] {
  const out: string[] = [];
  let start = 0;
  const ends = /[。！？；!?…]+[”’"'）」』)\]]*|\.(?:["'”’)\]]+)?(?=\s|$)/g;
  for (let match = ends.exec(text); match; match = ends.exec(text)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith('.') && !endsHere(text, start, match.index, end)) continue;
    out.push(text.slice(start, end));
    start = end;
  }
  if (start < text.length) out.push(text.slice(start));
  return out.flatMap((s) => cut(s.trim()));
}

/** Whether the full stop at `dot` ends a sentence: not after an abbreviation, not before a small letter. */
function endsHere(text: string, start: number, dot: number, end: number): boolean {
  if (/^\s+[a-z]/.test(text.slice(end, end + 3))) return false;
  return !abbreviation.test(text.slice(Math.max(start, dot - 12), dot + 1));
}

function cut(text: string): string[] {
  if (text.length <= longest) return [text];
  const window = text.slice(0, longest);
  const at = Math.max(
    window.lastIndexOf('，'),
    window.lastIndexOf('、'),
    window.lastIndexOf(', '),
    window.lastIndexOf('。'),
  );
  const end =
    at > longest / 3 ? at + 1 : window.lastIndexOf(' ') > longest / 3 ? window.lastIndexOf(' ') : longest;
  return [text.slice(0, end), ...cut(text.slice(end).trim())];
}

import { type Block, readBlocks } from './blocks.ts';

/** A piece of a passage that can stand in an answer by itself, with its place in the passage from 0. */
export interface Sentence {
  text: string;
  position: number;
  kind: 'text' | 'row' | 'code' | 'link';
  /** The heading above it, or an empty text. */
  heading: string;
  /** Whether it is the first one under its heading. */
  opens: boolean;
  /** The cells of a table row. */
  cells?: string[];
  /** What a sentence that ends with a colon announces: code, or lines of a list. */
  follow?: { kind: 'code' | 'list'; text: string };
}

/** Longest sentence quoted, in characters; longer ones are cut at a comma or blank. */
const longest = 400;
/** Longest code and longest list that go with the sentence announcing them. */
const longestFollow = { code: 700, list: 500 };

/** Words with a full stop that end no sentence. */
const abbreviation =
  /(?:^|[\s("'“])(?:[A-Za-z]|[A-Z][a-z]?|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Gen|Col|Capt|Lt|Sgt|Rev|Hon|Gov|Sen|Rep|Mt|Ft|No|Nos|vs|etc|al|cf|ca|approx|Inc|Ltd|Co|Corp|Bros|Fig|Eq|Vol|pp?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|e\.g|i\.e|U\.S|U\.K|a\.m|p\.m)\.$/;

/**
 * Divides Markdown into sentences, verbatim but for markup. A table row is one piece, a code block is one piece.
 * Headings are no sentences: they name, they do not say.
 */
export function splitSentences(markdown: string): Sentence[] {
  const blocks = readBlocks(markdown);
  const out: Sentence[] = [];
  const seen = new Set<string>();
  let heading = '';
  let opens = true;
  blocks.forEach((block, at) => {
    if (block.kind === 'heading') {
      heading = block.text;
      opens = true;
      return;
    }
    const whole = block.kind === 'code' || block.kind === 'row';
    const texts = whole ? [block.text] : splitParagraph(block.text);
    const kind = whole ? (block.kind === 'code' ? 'code' : 'row') : block.link ? 'link' : 'text';
    texts.forEach((given, i) => {
      const text = given.trim();
      if (!/[\p{L}\p{N}]/u.test(text) || seen.has(text)) return;
      seen.add(text);
      const follow = !whole && i === texts.length - 1 ? announced(text, blocks, at + 1) : undefined;
      out.push({
        ...{ text, position: out.length, kind, heading, opens },
        ...(block.cells && { cells: block.cells }),
        ...(follow && { follow }),
      });
      opens = false;
    });
  });
  return out;
}

/** The code or list right behind a sentence that ends with a colon. */
function announced(text: string, blocks: Block[], from: number): Sentence['follow'] {
  const next = blocks[from];
  if (!next || !/[:：]$/.test(text)) return undefined;
  if (next.kind === 'code') {
    return next.text.length <= longestFollow.code ? { kind: 'code', text: next.text } : undefined;
  }
  const lines: string[] = [];
  let length = 0;
  for (const block of blocks.slice(from)) {
    if (block.kind !== next.kind || (block.kind !== 'item' && block.kind !== 'row')) break;
    length += block.text.length;
    if (length > longestFollow.list) break;
    lines.push(`- ${block.text.trim()}`);
  }
  return lines.length > 0 ? { kind: 'list', text: lines.join('\n') } : undefined;
}

function splitParagraph(text: string): string[] {
  const out: string[] = [];
  let start = 0;
  const ends =
    /[。！？]+[”’"'）」』)\]]*|(?:[!?]+|…+)(?:["'”’)\]]+)?(?=\s|$|\p{Script=Han})|\.(?:["'”’)\]]+)?(?=\s|$)/gu;
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
  const at = Math.max(...['，', '、', ', ', '。', '；'].map((sign) => window.lastIndexOf(sign)));
  const blank = window.lastIndexOf(' ');
  const end = at > longest / 3 ? at + 1 : blank > longest / 3 ? blank : longest;
  return [text.slice(0, end), ...cut(text.slice(end).trim())];
}

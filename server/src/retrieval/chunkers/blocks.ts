/** A piece of Markdown that reads as one: only tables and paragraphs may be cut, each in its own way. */
export type Block =
  | { kind: 'heading'; level: number; title: string; text: string }
  | { kind: 'paragraph' | 'code'; text: string }
  | { kind: 'table'; text: string; header: string[]; rows: string[] };

/** Authors cut their texts themselves by writing this between two parts. */
export const splitMark = '-----CUSTOM_SPLIT_SIGN-----';

const fence = /^ {0,3}(`{3,}|~{3,})/;
const headingLine = /^ {0,3}(#{1,8})[ \t]+(.*?)[ \t]*#*$/;
/** Longer lines are no headings; looking closer would take n² steps. */
const longestHeading = 4000;

/** Whether a line parts the header of a table from its rows: `| --- | :-: |`. */
function isRule(line: string): boolean {
  if (!line.includes('|')) return false;
  const cells = line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|');
  return cells.every((cell) => /^:?-+:?$/.test(cell.trim()));
}

/** Reads Markdown into blocks, in order. What is no heading, table or fenced code is a paragraph (lists too). */
export function blocksOf(markdown: string): Block[] {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    const text = paragraph.join('\n').trim();
    if (text !== '') blocks.push({ kind: 'paragraph', text });
    paragraph = [];
  };
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const special = codeAt(lines, at) ?? headingAt(line) ?? tableAt(lines, at);
    if (special) {
      endParagraph();
      blocks.push(special.block);
      at += special.lines;
      continue;
    }
    if (line.trim() === '') endParagraph();
    else paragraph.push(line);
    at += 1;
  }
  endParagraph();
  return blocks;
}

interface Found {
  block: Block;
  lines: number;
}

/** A fence without an end reaches to the end of the text, as in Markdown. */
function codeAt(lines: string[], start: number): Found | undefined {
  const mark = fence.exec(lines[start] ?? '')?.[1];
  if (!mark) return undefined;
  let end = start + 1;
  while (end < lines.length && !(lines[end] ?? '').trim().startsWith(mark)) end += 1;
  const taken = lines.slice(start, end + 1);
  return { block: { kind: 'code', text: taken.join('\n') }, lines: taken.length };
}

function headingAt(line: string): Found | undefined {
  const [, marks, title] = (line.length <= longestHeading && headingLine.exec(line)) || [];
  if (!marks || !title) return undefined;
  return { block: { kind: 'heading', level: marks.length, title, text: line.trim() }, lines: 1 };
}

function tableAt(lines: string[], start: number): Found | undefined {
  const [head = '', rule = ''] = [lines[start], lines[start + 1]];
  if (!head.includes('|') || !isRule(rule)) return undefined;
  let end = start + 2;
  while (end < lines.length && (lines[end] ?? '').includes('|')) end += 1;
  const header = [head.trim(), rule.trim()];
  const rows = lines.slice(start + 2, end).map((row) => row.trim());
  return {
    block: { kind: 'table', text: [...header, ...rows].join('\n'), header, rows },
    lines: end - start,
  };
}

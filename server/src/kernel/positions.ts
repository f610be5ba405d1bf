import type { Position } from '@lectern/contract/workflow.ts';

/*
 * Where in its document a passage stands. Formats write marks into their Markdown where a page, a slide, a sheet or a
 * row begins; the splitter takes them out again and keeps what they said beside each chunk. A mark is written in
 * characters of Unicode's private use, which the reader of files removes from what users send.
 */

const open = '\uE000';
const close = '\uE001';
const marks = /\uE000([^\uE000\uE001]*)\uE001/g;
const anyMark = /\uE000[^\uE000\uE001]*\uE001|[\uE000\uE001]/g;
const privateUse = /[\uE000\uE001]/g;

/** A table up to the first cell of its first row. */
const tableHeader = /^\|[^\n]*\|\n\|[ |:-]+\|\n\|\s*$/;

/** What a line of Markdown begins with before its own text: a heading, an item of a list, a quote, a cell. */
const lead = /^\s*(?:#{1,8}[ \t]+|[-*+][ \t]+|\d{1,9}[.)][ \t]+|>[ \t]?|\|[ \t]*)?/;

/** The line with a mark where its own text begins, so that it stays a heading, a list item or a row of a table. */
export function markLine(line: string, position: Position): string {
  const start = lead.exec(line)?.[0].length ?? 0;
  return line.slice(0, start) + markOf(position) + line.slice(start);
}

/** A mark by itself, to be put into running text. */
export function markOf({ page, slide, sheet, row }: Position): string {
  const parts = [
    page === undefined ? '' : `p${page}`,
    slide === undefined ? '' : `l${slide}`,
    row === undefined ? '' : `r${row}`,
    // Last, as it may hold anything.
    sheet === undefined ? '' : `s${sheet.replace(privateUse, '').replaceAll('|', ' ').replaceAll('\n', ' ')}`,
  ];
  return open + parts.filter((part) => part !== '').join(';') + close;
}

/** The mark with which the own text of a line begins, to be repeated for what is put before it; '' without one. */
export function startMark(line: string): string {
  const text = line.slice(lead.exec(line)?.[0].length ?? 0);
  return /^\uE000[^\uE000\uE001]*\uE001/.exec(text)?.[0] ?? '';
}

/** The text as people read it. */
export function withoutMarks(text: string): string {
  return text.includes(open) ? text.replace(marks, '').replace(privateUse, '') : text;
}

/**
 * The text as people read it, and where each of its places is in the marked one. A mark belongs to the text behind it:
 * the place where one stood lies before it.
 */
export function createUnmarked(text: string): { plain: string; place(at: number): number } {
  const plain = withoutMarks(text);
  if (plain === text) return { plain, place: (at) => at };
  // Where a mark stood in the plain text, and how much longer the marked one is from there on.
  const shifts: { at: number; by: number }[] = [];
  let by = 0;
  for (const { 0: mark, index } of text.matchAll(anyMark)) {
    shifts.push({ at: index - by, by: by + mark.length });
    by += mark.length;
  }
  return {
    plain,
    place(at) {
      let low = 0;
      let high = shifts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((shifts[middle]?.at ?? 0) < at) low = middle + 1;
        else high = middle;
      }
      return at + (low === 0 ? 0 : (shifts[low - 1]?.by ?? 0));
    },
  };
}

/** The marks of a text without the text. */
export function marksIn(text: string): string {
  return text.includes(open) ? (text.match(marks) ?? []).join('') : '';
}

/** What a user sent, without characters that would be taken for marks. */
export function withoutPrivateUse(text: string): string {
  return text.replace(privateUse, '');
}

function read(mark: string): Position {
  const position: Position = {};
  const [, head = '', sheet] = /^((?:[plr]\d+;?)*)(?:s([\s\S]*))?$/.exec(mark) ?? [];
  for (const [, kind, value] of head.matchAll(/([plr])(\d+)/g)) {
    if (kind === 'p') position.page = Number(value);
    else if (kind === 'l') position.slide = Number(value);
    else position.row = Number(value);
  }
  if (sheet !== undefined) position.sheet = sheet;
  return position;
}

/**
 * Follows the marks of consecutive pieces of a document. (Headers of tables carry no marks: they are repeated.) Each
 * piece begins where its first mark says when that stands at its beginning, and otherwise where the piece before ended;
 * `endPage`, `endSlide` and `endRow` are given where they differ.
 */
export function createPositionReader(): (piece: string) => { text: string; position?: Position } {
  let current: Position | undefined;
  return (piece) => {
    const found = [...piece.matchAll(marks)];
    const first = found[0];
    if (first) {
      const marked = read(first[1] ?? '');
      const before = piece
        .slice(0, first.index)
        .replace(tableHeader, '')
        .replace(/^[\s|#>*+-]+/, '');
      // What stands before a row is the header of its table, repeated.
      if (before === '' || current === undefined || marked.row !== undefined) current = marked;
    }
    const start = current;
    const last = found.at(-1);
    if (last) current = read(last[1] ?? '');
    const text = withoutMarks(piece);
    if (!start) return { text };
    const position = { ...start };
    if (current?.page !== undefined && current.page !== start.page) position.endPage = current.page;
    if (current?.slide !== undefined && current.slide !== start.slide) position.endSlide = current.slide;
    if (current?.row !== undefined && current.sheet === start.sheet && current.row !== start.row) {
      position.endRow = current.row;
    }
    return { text, position };
  };
}

/** A citation mark as models write it: the id of a data item, then `(CITE)`; a blank before it belongs to it. */
const mark = / ?\[[0-9a-fA-F]{24}\]\(CITE\)/g;
const markLength = '[000000000000000000000000](CITE)'.length;

/** The text without citation marks, and without the blank that set one apart. */
export function stripCites(text: string): string {
  return text.includes('[') ? text.replace(mark, '') : text;
}

/** Whether `text` (beginning with `[` or a blank) could still become a mark. */
function mayBecomeMark(text: string): boolean {
  if (text.startsWith(' ')) return text === ' ' || (text[1] === '[' && mayBecomeMark(text.slice(1)));
  if (text.length >= markLength) return false;
  const inside = text.slice(1, 25);
  if (!/^[0-9a-fA-F]*$/.test(inside)) return false;
  return '](CITE)'.startsWith(text.slice(25));
}

/** Strips citation marks from a text that arrives in pieces. */
export interface CiteStripper {
  /** What of the text so far can be shown; the beginning of a possible mark is held back. */
  push(piece: string): string;
  /** What was held back. */
  end(): string;
}

/** A piece without `[` and without a blank at its end passes untouched while nothing is held back: nearly all do. */
export function createCiteStripper(): CiteStripper {
  let held = '';
  return {
    push(piece) {
      if (held === '' && !piece.includes('[') && !piece.endsWith(' ')) return piece;
      const text = stripCites(held + piece);
      // Only a blank or `[` among the last characters, fewer than a mark has, can be the beginning of one.
      for (let at = Math.max(0, text.length - markLength); at < text.length; at++) {
        if ((text[at] !== '[' && text[at] !== ' ') || !mayBecomeMark(text.slice(at))) continue;
        held = text.slice(at);
        return text.slice(0, at);
      }
      held = '';
      return text;
    },
    end() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

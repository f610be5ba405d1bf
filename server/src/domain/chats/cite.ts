/** A citation mark as models write it: the id of a data item, then `(CITE)`. */
const mark = /\[[0-9a-fA-F]{24}\]\(CITE\)/g;
const markLength = '[000000000000000000000000](CITE)'.length;

/** The text without citation marks. */
export function stripCites(text: string): string {
  return text.includes('[') ? text.replace(mark, '') : text;
}

/** Whether `text` (beginning with `[`) could still become a mark. */
function mayBecomeMark(text: string): boolean {
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

/** A piece without `[` passes untouched while nothing is held back, which is nearly every piece. */
export function createCiteStripper(): CiteStripper {
  let held = '';
  return {
    push(piece) {
      if (held === '' && !piece.includes('[')) return piece;
      const text = stripCites(held + piece);
      // A mark is 32 characters: only a `[` among the last 31 can be the beginning of one.
      const from = Math.max(0, text.length - markLength + 1);
      for (let at = text.indexOf('[', from); at >= 0; at = text.indexOf('[', at + 1)) {
        if (!mayBecomeMark(text.slice(at))) continue;
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

/**
 * Places where a text may be cut, best first: ends of lines, of sentences, of clauses, of parts of a clause, blanks.
 * Each keeps its sign, and the blanks behind it, with what stands before. Looking back is bounded, so that a run of
 * signs does not take n² steps.
 */
const cuts = [
  /(?<=\n)/u,
  /(?<=[。！？!?…][”’」』）)"']{0,4}|\.[”’)"']{0,4}[ \t\n]{1,4})(?![。！？!?…”’」』）)"'])/u,
  /(?<=[；;])/u,
  /(?<=[，、]|,\s{1,4})/u,
  /(?<=\s)/u,
];

/**
 * Cuts a text into stretches of at most `limit` tokens, at the best places that do; joined together they are the
 * text. A stretch without any such place is cut by its length.
 */
export function stretches(text: string, limit: number, count: (text: string) => number): string[] {
  return cutAt(0, text, limit, count);
}

/** Stretches of a text, joined again as long as they have at most `limit` tokens together. */
export function filled(parts: string[], limit: number, count: (text: string) => number): string[] {
  const joined: string[] = [];
  let room = 0;
  for (const part of parts) {
    const size = count(part);
    if (joined.length > 0 && size <= room) joined.push(`${joined.pop()}${part}`);
    else joined.push(part);
    room = (size <= room ? room : limit) - size;
  }
  return joined;
}

/** The sentences of a text, whatever their length; joined together they are the text. */
export function sentencesOf(text: string): string[] {
  return text.split(cuts[0] as RegExp).flatMap((line) => line.split(cuts[1] as RegExp));
}

function cutAt(level: number, text: string, limit: number, count: (text: string) => number): string[] {
  if (text === '' || count(text) <= limit) return text === '' ? [] : [text];
  const cut = cuts[level];
  if (!cut) return byLength(text, limit, count);
  return text.split(cut).flatMap((part) => cutAt(level + 1, part, limit, count));
}

function byLength(text: string, limit: number, count: (text: string) => number): string[] {
  const size = Math.max(2, Math.floor((text.length * limit) / count(text)));
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + size);
    // Never between the halves of a character.
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last < 0xdc00) end -= 1;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

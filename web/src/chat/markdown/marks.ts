/** A citation in a text: the id of a data item. */
export const mark = /\[([0-9a-f]{24})\]\(CITE\)/g;

/** The ids of the passages that a text cites, each once, in the order in which it names them. */
export function citedIds(text: string): string[] {
  return [...new Set([...text.matchAll(mark)].map((match) => match[1] ?? ''))];
}

/** A text without its citation marks, to be copied. */
export const withoutMarks = (text: string): string => text.replace(mark, '');

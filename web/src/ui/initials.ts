const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const firstOf = (word: string): string => [...letters.segment(word)][0]?.segment ?? '';

/** The first letters of the first and the last word of a name, as a reader counts letters: an emoji is one. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const [first = ''] = words;
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return (firstOf(first) + firstOf(last)).toUpperCase();
}

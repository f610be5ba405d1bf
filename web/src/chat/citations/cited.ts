import type { Message } from '../conversation/messages.ts';
import type { CitedPassage } from '../markdown/context.ts';
import { citedIds } from '../markdown/marks.ts';

/**
 * The passages that an answer names, numbered in the order in which it does, by the id of the data item. An answer
 * that names none, as of a model that does not know how to, lists the first of those it was given.
 */
export function citedPassages({ text, quotes }: Pick<Message, 'text' | 'quotes'>): Map<string, CitedPassage> {
  const known = new Map(quotes.map((quote) => [quote.id, quote]));
  const named = citedIds(text).filter((id) => known.has(id));
  const shown = named.length > 0 ? named : [...known.keys()].slice(0, 5);
  return new Map(
    shown.map((id, index) => [id, { number: index + 1, source: known.get(id)?.sourceName ?? '' }]),
  );
}

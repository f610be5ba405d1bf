import { createPositionReader, withoutMarks } from '../../kernel/positions.ts';
import type { Chunk, ChunkSettings } from '../ports.ts';
import type { CountTokens } from '../tokens.ts';
import { splitMark } from './blocks.ts';
import { splitByChar } from './char.ts';
import { splitByParagraph } from './paragraph.ts';
import { splitBySize } from './size.ts';
import type { Strategy } from './strategy.ts';

/** Every way to split; a new one is a file beside this and a line here. */
const strategies: Record<ChunkSettings['splitMode'], Strategy> = {
  paragraph: splitByParagraph,
  size: splitBySize,
  char: splitByChar,
};

/** A target below this many tokens would make pieces without context. */
const leastChunkSize = 64;

/** No text of so many characters for each token of the target fits into a piece. */
const charactersPerToken = 32;

/**
 * Counts exactly what may fit into a piece, and the beginning only of what is far too long anyway: otherwise a text
 * without places to cut would be counted over and over.
 */
function quickCount(count: CountTokens, chunkSize: number): CountTokens {
  const sample = chunkSize * charactersPerToken;
  return (text) =>
    text.length <= 2 * sample
      ? count(text)
      : Math.max(4 * chunkSize, Math.round((count(text.slice(0, sample)) * text.length) / sample));
}

/** Splits a document as the settings say; parts that its author set apart by the split mark are never joined. */
export function splitDocument(markdown: string, settings: ChunkSettings, count: CountTokens): Chunk[] {
  const bounded = {
    ...settings,
    chunkSize: Math.max(leastChunkSize, settings.chunkSize),
    overlapRatio: Math.min(0.5, Math.max(0, settings.overlapRatio)),
  };
  const strategy = strategies[settings.splitMode];
  const quick = quickCount(
    (text) => count(withoutMarks(text)),
    Math.max(bounded.chunkSize, settings.triggerMinSize),
  );
  const positionOf = createPositionReader();
  return markdown
    .split(splitMark)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part) =>
      settings.splitMode !== 'char' && quick(part) <= settings.triggerMinSize
        ? [{ text: part, headings: [] }]
        : strategy(part, bounded, quick),
    )
    .map(({ headings, text: marked }) => {
      const { text: unmarked, position } = positionOf(marked);
      const text = unmarked.trim();
      return {
        text,
        headings: headings.map(withoutMarks),
        tokens: count(text),
        ...(position && { position }),
      };
    });
}

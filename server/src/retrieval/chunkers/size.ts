import { blocksOf } from './blocks.ts';
import { pack } from './pack.ts';
import type { Strategy } from './strategy.ts';

/** Fills pieces up to the target without regard to headings, which only stay with what they stand over. */
export const splitBySize: Strategy = (markdown, { chunkSize, overlapRatio }, count) =>
  pack(blocksOf(markdown), {
    target: chunkSize,
    overlap: Math.floor(chunkSize * overlapRatio),
    count,
  }).map((text) => ({ text, headings: [] }));

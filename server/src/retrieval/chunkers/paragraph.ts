import { blocksOf } from './blocks.ts';
import { pack } from './pack.ts';
import { sectionsOf } from './sections.ts';
import type { Strategy } from './strategy.ts';

/** Follows the document: headings down to the depth begin a new piece, paragraphs stay whole where they fit. */
export const splitByParagraph: Strategy = (markdown, { chunkSize, overlapRatio, headingDepth }, count) => {
  const options = { target: chunkSize, overlap: Math.floor(chunkSize * overlapRatio), count };
  return sectionsOf(blocksOf(markdown), headingDepth).flatMap(({ headings, blocks }) =>
    pack(blocks, options).map((text) => ({ text, headings })),
  );
};

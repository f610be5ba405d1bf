import { blocksOf } from './blocks.ts';
import { pack } from './pack.ts';
import { joinSmall, type Section, sectionsOf } from './sections.ts';
import type { Strategy } from './strategy.ts';

/** Follows the document: headings down to the depth begin a new piece, paragraphs stay whole where they fit. */
export const splitByParagraph: Strategy = (markdown, settings, count) => {
  const { chunkSize, overlapRatio, headingDepth, sectionMinSize = 0 } = settings;
  const options = { target: chunkSize, overlap: Math.floor(chunkSize * overlapRatio), count };
  const sizeOf = ({ blocks }: Section) => blocks.reduce((sum, block) => sum + count(block.text), 0);
  const sections = sectionsOf(blocksOf(markdown), headingDepth);
  return joinSmall(sections, Math.min(sectionMinSize, chunkSize), sizeOf).flatMap(({ headings, blocks }) =>
    pack(blocks, options).map((text) => ({ text, headings })),
  );
};

import type { Block } from './blocks.ts';

/** What stands under one heading, without what its own lower headings (within the depth) open. */
export interface Section {
  /** Heading path, outermost first. */
  headings: string[];
  /** The section's own heading line first. */
  blocks: Block[];
}

/** Divides blocks at headings down to `depth`. A heading with nothing under it goes to the section that follows. */
export function sectionsOf(blocks: Block[], depth: number): Section[] {
  const sections: Section[] = [];
  let path: { level: number; title: string }[] = [];
  let current: Section = { headings: [], blocks: [] };
  let hasBody = false;
  for (const block of blocks) {
    if (block.kind === 'heading' && block.level <= depth) {
      path = [...path.filter(({ level }) => level < block.level), { level: block.level, title: block.title }];
      const headings = path.map(({ title }) => title);
      if (hasBody) {
        sections.push(current);
        current = { headings, blocks: [] };
        hasBody = false;
      } else current = { headings, blocks: current.blocks };
    }
    current.blocks.push(block);
    hasBody ||= block.kind !== 'heading';
  }
  if (current.blocks.length > 0) sections.push(current);
  return sections;
}

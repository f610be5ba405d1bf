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

/**
 * Joins sections of fewer than `least` tokens with the one that follows, the last with the one before. What is joined
 * stands under the headings that all of it has in common; its own headings are still in its text.
 */
export function joinSmall(
  sections: Section[],
  least: number,
  sizeOf: (section: Section) => number,
): Section[] {
  if (least <= 0) return sections;
  const joined: { section: Section; size: number }[] = [];
  for (const section of sections) {
    const size = sizeOf(section);
    const before = joined.at(-1);
    if (before && before.size < least) {
      before.section = join(before.section, section);
      before.size += size;
    } else joined.push({ section, size });
  }
  const last = joined.at(-1);
  const before = joined.at(-2);
  if (last && before && last.size < least) {
    before.section = join(before.section, last.section);
    joined.pop();
  }
  return joined.map(({ section }) => section);
}

function join(first: Section, second: Section): Section {
  const differs = first.headings.findIndex((heading, i) => heading !== second.headings[i]);
  return {
    headings: differs < 0 ? first.headings : first.headings.slice(0, differs),
    blocks: [...first.blocks, ...second.blocks],
  };
}

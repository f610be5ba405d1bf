import { partsBetween } from './separators.ts';
import { splitBySize } from './size.ts';
import type { Strategy } from './strategy.ts';

/** Cuts at every separator, without overlap or merging; only what is far too large is cut again. */
export const splitByChar: Strategy = (markdown, settings, count) => {
  const separators = settings.separators.filter((separator) => separator !== '');
  if (separators.length === 0 && settings.separatorPattern === undefined) {
    return splitBySize(markdown, settings, count);
  }
  return partsBetween(markdown, separators, settings.separatorPattern).flatMap((part) =>
    count(part) <= settings.chunkSize * 1.2
      ? [{ text: part, headings: [] }]
      : splitBySize(part, { ...settings, overlapRatio: 0 }, count),
  );
};

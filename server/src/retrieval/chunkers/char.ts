import { splitBySize } from './size.ts';
import type { Strategy } from './strategy.ts';

/** Cuts at every separator, taken literally, without overlap or merging; only what is far too large is cut again. */
export const splitByChar: Strategy = (markdown, settings, count) => {
  const separators = settings.separators.filter((separator) => separator !== '');
  if (separators.length === 0) return splitBySize(markdown, settings, count);
  let parts = [markdown];
  for (const separator of separators) parts = parts.flatMap((part) => part.split(separator));
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part) =>
      count(part) <= settings.chunkSize * 1.2
        ? [{ text: part, headings: [] }]
        : splitBySize(part, { ...settings, overlapRatio: 0 }, count),
    );
};

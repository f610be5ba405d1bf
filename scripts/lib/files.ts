import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const skipped = new Set(['node_modules', '.git', '.cache', 'data', 'dist']);

/** All files below a folder whose path matches, sorted, so that what is made of them is stable. */
export function filesUnder(folder: string, matching: RegExp): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) found.push(...filesUnder(path, matching));
    } else if (matching.test(path)) found.push(path);
  }
  return found.sort();
}

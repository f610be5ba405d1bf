import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Links of a Markdown text to files that are not there. */
export function deadLinks(file: string, text: string): string[] {
  const withoutCode = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
    .map((match) => (match[1] ?? match[2] ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^(https?:|mailto:|\/)/.test(target))
    .filter((target) => !existsSync(join(dirname(file), target)));
}

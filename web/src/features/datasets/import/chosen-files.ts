import type { ChosenFile } from './upload-store.ts';

/** What operating systems leave in folders, and nobody means. */
const leftovers = /^(\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|\.git.*)$/i;

const byName = new Intl.Collator(undefined, { numeric: true });
const pathOf = ({ file, folders }: ChosenFile): string => [...folders, file.name].join('/');

/**
 * Files as they were chosen or dropped, with the folders they lay in: browsers say so in `webkitRelativePath`, the drop
 * zone in `path` or `relativePath`. What systems leave in folders is left out; those of a folder come in the
 * order of their names, for browsers give them in none.
 */
export function chosenFiles(files: readonly File[]): ChosenFile[] {
  const chosen = files
    .map((file) => {
      const { path, relativePath } = file as { path?: string; relativePath?: string };
      const whole = file.webkitRelativePath || path || relativePath || file.name;
      const folders = whole.split('/').filter((part) => part !== '' && part !== '.');
      folders.pop();
      return { file, folders };
    })
    .filter(({ file, folders }) => ![...folders, file.name].some((part) => leftovers.test(part)));
  const fromFolder = chosen.some(({ folders }) => folders.length > 0);
  return fromFolder ? chosen.sort((a, b) => byName.compare(pathOf(a), pathOf(b))) : chosen;
}

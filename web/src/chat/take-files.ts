import i18next from 'i18next';
import { notifyError } from '../ui/notify.ts';
import { ToldError } from '../ui/told-error.ts';
import { documents, type FileRules, sortFiles } from './file-rules.ts';

/** Those of the chosen files that go along with a question that has `have` already; why the others do not is told. */
export function takeFiles(files: readonly File[], rules: FileRules | undefined, have: number): File[] {
  const t = i18next.getFixedT(null, 'chat');
  if (!rules) {
    notifyError(new ToldError(t('composer.noFiles')));
    return [];
  }
  const { taken, refused } = sortFiles(files, rules);
  if (refused.length > 0) {
    const names = refused.map(({ name }) => name).join(', ');
    const kinds = [rules.pictures && t('composer.pictures'), rules.documents && documents]
      .filter(Boolean)
      .join(', ')
      .replaceAll(/,(?=\.)/g, ' ');
    notifyError(new ToldError(t('composer.notTaken', { names, kinds })));
  }
  const room = Math.max(0, rules.most - have);
  if (taken.length > room) notifyError(new ToldError(t('composer.tooMany', { count: rules.most })));
  return taken.slice(0, room);
}

export { AttachButton } from './attach-button.tsx';
export { FileChips } from './file-chips.tsx';

import i18next from 'i18next';
import type { AskFolder } from './folder-picker.tsx';
import type { AskName } from './name-form.tsx';

/*
 * Dialogs that load when they are first opened: lists do not wait for their forms.
 */

/** Asks for a name in a dialog, which stays open and says why when it is refused. */
export async function askName(props: AskName): Promise<void> {
  const dialog = await import('./name-form.tsx');
  dialog.askName(props);
}

type Save = (name: string) => Promise<unknown>;

/** Asks how a new folder is to be called, and makes it. */
export const askNewFolder = (onSubmit: Save): Promise<void> =>
  askName({
    title: i18next.t('datasets:folder.new'),
    label: i18next.t('datasets:field.name'),
    initial: '',
    submit: i18next.t('action.create'),
    onSubmit,
  });

/** Asks for another name, and gives it. */
export const askNewName = (name: string, onSubmit: Save): Promise<void> =>
  askName({
    title: i18next.t('datasets:rename.title', { name }),
    label: i18next.t('datasets:field.name'),
    initial: name,
    submit: i18next.t('action.save'),
    onSubmit,
  });

/** Lets somebody choose a folder, and moves something there. */
export async function askFolder(props: AskFolder): Promise<void> {
  const dialog = await import('./folder-picker.tsx');
  dialog.askFolder(props);
}

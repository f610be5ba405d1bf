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

/** Lets somebody choose a folder, and moves something there. */
export async function askFolder(props: AskFolder): Promise<void> {
  const dialog = await import('./folder-picker.tsx');
  dialog.askFolder(props);
}

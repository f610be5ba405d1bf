import type { appFolderEndpoints } from '@lectern/contract/app-folders.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';
import { createApp } from './create-app.ts';

/** Makes an empty folder of apps. Throws parentNotFound. */
export async function createAppFolder(
  app: Pick<App, 'store'>,
  caller: Caller,
  { name, intro, parentId }: InputOf<typeof appFolderEndpoints.createAppFolder>,
): Promise<void> {
  await createApp(app, caller, { type: 'folder', name, intro, parentId });
}

import { useMemo, useSyncExternalStore } from 'react';
import { serverPort } from './upload-port.ts';
import { isUnsafe, type Upload, type UploadKind, UploadStore } from './upload-store.ts';

/** The uploads of this tab: they go on while other screens are open. */
export const uploads = new UploadStore(serverPort);

window.addEventListener('online', uploads.resumeBroken);
window.addEventListener('beforeunload', (event) => {
  if (uploads.all().some(isUnsafe)) event.preventDefault();
});

/** The uploads for one dataset ('' = archives), of one kind or of all. */
export function useUploads(datasetId: string, kind?: UploadKind): readonly Upload[] {
  const all = useSyncExternalStore(uploads.subscribe, uploads.all);
  return useMemo(
    () => all.filter((each) => each.datasetId === datasetId && (!kind || each.kind === kind)),
    [all, datasetId, kind],
  );
}

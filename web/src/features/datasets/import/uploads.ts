import i18next from 'i18next';
import { useMemo, useSyncExternalStore } from 'react';
import { ask } from '../../../ui/ask.ts';
import { leaving } from '../../../ui/leaving.ts';
import { serverPort } from './upload-port.ts';
import { isUnsafe, type Upload, type UploadKind, UploadStore } from './upload-store.ts';

/** The uploads of this tab: they go on while other screens are open. */
export const uploads = new UploadStore(serverPort);

window.addEventListener('online', uploads.resumeBroken);
window.addEventListener('beforeunload', (event) => {
  if (uploads.all().some(isUnsafe)) event.preventDefault();
});
leaving.hold({ mayGo: mayLose, drop: uploads.clear });

/** Asks whether files that are not imported yet may be lost; answers at once where there are none. */
function mayLose(): boolean | Promise<boolean> {
  const count = uploads.all().filter(isUnsafe).length;
  if (count === 0) return true;
  return ask({
    title: i18next.t('datasets:upload.leave.title'),
    children: i18next.t('datasets:upload.leave.text', { count }),
    labels: {
      confirm: i18next.t('datasets:upload.leave.confirm'),
      cancel: i18next.t('datasets:upload.leave.stay'),
    },
    confirmProps: { color: 'red' },
  });
}

/** The uploads for one dataset ('' = archives), of one kind or of all. */
export function useUploads(datasetId: string, kind?: UploadKind): readonly Upload[] {
  const all = useSyncExternalStore(uploads.subscribe, uploads.all);
  return useMemo(
    () => all.filter((each) => each.datasetId === datasetId && (!kind || each.kind === kind)),
    [all, datasetId, kind],
  );
}

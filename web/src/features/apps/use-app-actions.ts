import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { initQuery } from '../../api/init.ts';
import { confirmDelete } from '../../ui/confirm-delete.tsx';
import { downloadText } from '../../ui/download.ts';
import { notifyDone, notifyError } from '../../ui/notify.ts';
import { useDeletedNotice } from '../deleted/use-restore.ts';
import { exportFileName, exportText } from './exchange.ts';
import { forgetApps } from './queries.ts';

interface Named {
  _id: string;
  name: string;
  type: string;
}

const isFolder = ({ type }: Named) => type === 'folder';

/**
 * What is done with an app at one click, from the list or its own screen.
 * @param onDeleted after the app is gone, for a screen that shows it
 */
export function useAppActions(onDeleted?: () => Promise<void>) {
  const { t } = useTranslation(['apps', 'common']);
  const client = useQueryClient();
  const { trashDays } = useSuspenseQuery(initQuery).data.feConfigs;
  const noteDeleted = useDeletedNotice('apps', trashDays);
  const copy = useMutation({
    mutationFn: (appId: string) => api.copyApp({ appId }),
    onSuccess: async () => {
      notifyDone(t('done.copied'));
      await forgetApps(client);
    },
    onError: notifyError,
  });
  const exportApp = useMutation({
    mutationFn: (appId: string) => api.getApp({ appId }),
    onSuccess: (app) => downloadText(exportText(app), exportFileName(app.name)),
    onError: notifyError,
  });
  const remove = useMutation({
    mutationFn: ({ _id }: Named) => api.deleteApp({ appId: _id }),
    onSuccess: async (_ids, { _id, name }) => {
      noteDeleted({ ids: [_id], name });
      await onDeleted?.();
      await forgetApps(client);
    },
    onError: notifyError,
  });
  // Asks what would be lost before it asks whether to.
  const askDelete = useMutation({
    mutationFn: ({ _id }: Named) => api.getAppContents({ appId: _id }),
    onSuccess: (contents, app) => {
      const lost = (['apps', 'keys', 'chats'] as const)
        .filter((part) => contents[part] > 0 && (part !== 'apps' || isFolder(app)))
        .map((part) => t(`lost.${part}`, { count: contents[part] }));
      const what = isFolder(app) ? 'folder' : 'app';
      const text = lost.length === 0 ? (`lost.${what}Alone` as const) : (`lost.${what}` as const);
      confirmDelete({
        name: app.name,
        text: t(text, { list: lost.join(t('lost.separator')) }),
        keptDays: trashDays,
        onConfirm: () => remove.mutate(app),
      });
    },
    onError: notifyError,
  });
  return { copy, exportApp, askDelete };
}

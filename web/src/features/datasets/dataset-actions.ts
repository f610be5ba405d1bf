import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { initQuery } from '../../api/init.ts';
import { confirmDelete } from '../../ui/confirm-delete.tsx';
import { formatNumber } from '../../ui/format.ts';
import { notifyError } from '../../ui/notify.ts';
import { useDeletedNotice } from '../deleted/use-restore.ts';
import { askFolder, askNewFolder, askNewName } from './ask.ts';
import type { DatasetEntry } from './queries.ts';

type Entry = Pick<DatasetEntry, '_id' | 'name'>;

const nameOf = (entries: readonly Entry[], several: string): string =>
  entries.length === 1 ? (entries[0]?.name ?? '') : several;

/** The folders for datasets directly in one, or at the top. */
async function datasetFolders(parentId: string | null) {
  const list = await api.listDatasets({ parentId, type: 'folder' });
  return list.map(({ _id, name }) => ({ id: _id, name }));
}

/** What can be done with datasets and folders, one or several. */
export function useDatasetActions() {
  const { t } = useTranslation('datasets');
  const queries = useQueryClient();
  const { trashDays } = useSuspenseQuery(initQuery).data.feConfigs;
  const noteDeleted = useDeletedNotice('datasets', trashDays);
  const changed = () => queries.invalidateQueries({ queryKey: ['datasets'] });
  const several = (entries: readonly Entry[]) =>
    nameOf(entries, t('select.count', { count: entries.length }));
  return {
    newFolder: (parentId: string | undefined) =>
      askNewFolder(async (name) => {
        await api.createDatasetFolder({ name, parentId: parentId ?? null });
        await changed();
      }),
    rename: (entry: Entry) =>
      askNewName(entry.name, async (name) => {
        await api.updateDataset({ id: entry._id, name });
        await changed();
      }),
    move: (entries: readonly Entry[], onDone?: () => void) =>
      askFolder({
        title: t('move.title', { name: several(entries) }),
        root: t('title'),
        scope: 'all',
        list: datasetFolders,
        without: new Set(entries.map(({ _id }) => _id)),
        onChoose: async (parentId) => {
          await api.moveDatasets({ datasetIds: entries.map(({ _id }) => _id), parentId });
          await changed();
          onDone?.();
        },
      }),
    remove: async (entries: readonly Entry[], onDone?: () => void) => {
      const datasetIds = entries.map(({ _id }) => _id);
      try {
        const lost = await api.getDatasetUsage({ datasetIds });
        const sizes = t('delete.lost', {
          datasets: formatNumber(lost.datasets),
          collections: formatNumber(lost.collections),
          data: formatNumber(lost.data),
        });
        const apps = lost.apps.map(({ name }) => t('quoted', { name })).join(t('comma'));
        confirmDelete({
          name: several(entries),
          text:
            lost.apps.length > 0
              ? `${sizes} ${t('delete.apps', { apps })}`
              : `${sizes} ${t('delete.noApps')}`,
          keptDays: trashDays,
          onConfirm: async () => {
            try {
              await api.deleteDatasets({ datasetIds });
              noteDeleted({ ids: datasetIds, name: several(entries) });
              onDone?.();
              await changed();
            } catch (error) {
              notifyError(error);
            }
          },
        });
      } catch (error) {
        notifyError(error);
      }
    },
  };
}

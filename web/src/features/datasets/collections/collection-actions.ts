import { useQueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { confirmDelete } from '../../../ui/confirm-delete.tsx';
import { downloadText } from '../../../ui/download.ts';
import { formatNumber } from '../../../ui/format.ts';
import { notifyDone, notifyError } from '../../../ui/notify.ts';
import { askFolder, askName } from '../ask.ts';
import type { Collection, Dataset } from '../queries.ts';
import { collectionFolders } from './collection-folders.ts';

const idsOf = (list: readonly Collection[]) => list.map(({ _id }) => _id);

/** What can be done with collections and their folders, one or several. */
export function useCollectionActions(dataset: Dataset) {
  const { t } = useTranslation('datasets');
  const queries = useQueryClient();
  const datasetId = dataset._id;
  const changed = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['datasets'] }),
      queries.invalidateQueries({ queryKey: ['jobs'] }),
    ]);
  const nameOf = (list: readonly Collection[]) =>
    list.length === 1 ? (list[0]?.name ?? '') : t('select.count', { count: list.length });
  /** Does something, shows why it failed, and reads the lists again. */
  const run = async (work: () => Promise<unknown>, done?: string) => {
    try {
      await work();
      if (done) notifyDone(done);
    } catch (error) {
      notifyError(error);
    }
    await changed();
  };
  const one = (list: readonly Collection[], change: object) =>
    run(async () => {
      for (const { _id } of list) await api.updateCollection({ id: _id, ...change });
    });
  return {
    changed,
    newFolder: (parentId: string | undefined) =>
      askName({
        title: t('folder.new'),
        label: t('field.name'),
        initial: '',
        submit: i18next.t('action.create'),
        onSubmit: async (name) => {
          await api.createCollection({ datasetId, parentId: parentId ?? null, name, type: 'folder' });
          await changed();
        },
      }),
    newEmpty: (parentId: string | undefined, onCreated: (collectionId: string) => unknown) =>
      askName({
        title: t('collections.newEmpty'),
        label: t('field.name'),
        initial: '',
        submit: i18next.t('action.create'),
        onSubmit: async (name) => {
          const id = await api.createCollection({
            datasetId,
            parentId: parentId ?? null,
            name,
            type: 'virtual',
          });
          await changed();
          await onCreated(id);
        },
      }),
    rename: (collection: Collection) =>
      askName({
        title: t('rename.title', { name: collection.name }),
        label: t('field.name'),
        initial: collection.name,
        submit: i18next.t('action.save'),
        onSubmit: async (name) => {
          await api.updateCollection({ id: collection._id, name });
          await changed();
        },
      }),
    move: (list: readonly Collection[], onDone?: () => void) =>
      askFolder({
        title: t('move.title', { name: nameOf(list) }),
        root: dataset.name,
        scope: datasetId,
        list: (parentId) => collectionFolders(datasetId, parentId),
        without: new Set(idsOf(list)),
        onChoose: async (parentId) => {
          for (const { _id } of list) await api.updateCollection({ id: _id, parentId });
          await changed();
          onDone?.();
        },
      }),
    switchOn: (list: readonly Collection[], on: boolean) => one(list, { forbid: !on }),
    remove: (list: readonly Collection[], onDone?: () => void) =>
      confirmDelete({
        name: nameOf(list),
        text: t(list.some(({ type }) => type === 'folder') ? 'collections.lostFolder' : 'collections.lost', {
          amount: formatNumber(list.reduce((sum, each) => sum + each.dataAmount, 0)),
        }),
        onConfirm: () =>
          run(
            async () => {
              await api.deleteCollection({ datasetId, collectionIds: idsOf(list) });
              onDone?.();
            },
            i18next.t('state.deleted', { name: nameOf(list) }),
          ),
      }),
    sync: (collection: Collection) =>
      run(async () => {
        const result = await api.syncCollection({ collectionId: collection._id });
        if (result === 'failed') throw new Error(t('collections.sync.failed', { name: collection.name }));
        notifyDone(t(`collections.sync.${result}`, { name: collection.name }));
      }),
    retry: (collection: Collection) =>
      run(() => api.updateTrainingData({ datasetId, collectionId: collection._id })),
    exportCsv: (collection: Collection) =>
      run(async () => {
        const csv = await api.exportCollection({ collectionId: collection._id });
        downloadText(csv, `${collection.name.replace(/[\\/:*?"<>|]/g, '_')}.csv`, 'text/csv');
      }),
    openOriginal: (collection: Collection) =>
      run(async () => {
        const { value } = await api.readCollection({ collectionId: collection._id });
        if (value === '') throw new Error(t('collections.noOriginal', { name: collection.name }));
        const link = document.createElement('a');
        link.href = value;
        link.target = '_blank';
        link.rel = 'noopener noreferrer';
        link.click();
      }),
  };
}

export type CollectionActions = ReturnType<typeof useCollectionActions>;

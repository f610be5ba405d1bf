import { useQueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { confirmDelete } from '../../../ui/confirm-delete.tsx';
import { downloadText } from '../../../ui/download.ts';
import { formatNumber } from '../../../ui/format.ts';
import { notifyDone, notifyError } from '../../../ui/notify.ts';
import { deletions } from '../../../ui/use-deletions.ts';
import { askFolder, askName, askNewFolder, askNewName } from '../ask.ts';
import type { Collection, Dataset } from '../queries.ts';
import { collectionFolders } from './collection-folders.ts';

const idsOf = (list: readonly Collection[]) => list.map(({ _id }) => _id);

/** So many collections and passages are deleted without being asked. */
const fewCollections = 3;
const fewPassages = 50;

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
      askNewFolder(async (name) => {
        await api.createCollection({ datasetId, parentId: parentId ?? null, name, type: 'folder' });
        await changed();
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
      askNewName(collection.name, async (name) => {
        await api.updateCollection({ id: collection._id, name });
        await changed();
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
    /** Asks where much would be lost; it can be undone for a moment in any case. */
    remove: (list: readonly Collection[], onDone?: () => void) => {
      const name = nameOf(list);
      const amount = list.reduce((sum, each) => sum + each.dataAmount, 0);
      const folders = list.some(({ type }) => type === 'folder');
      const remove = () => {
        deletions.later({
          ids: idsOf(list),
          text: i18next.t('state.deleted', { name }),
          run: () => api.deleteCollection({ datasetId, collectionIds: idsOf(list) }, { keepalive: true }),
          onSettled: changed,
        });
        onDone?.();
      };
      if (!folders && list.length <= fewCollections && amount <= fewPassages) return remove();
      const lost = t('collections.lost', { count: amount, amount: formatNumber(amount) });
      const text = folders ? t('collections.lostFolder') : lost;
      confirmDelete({ name, text, undo: true, onConfirm: remove });
    },
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

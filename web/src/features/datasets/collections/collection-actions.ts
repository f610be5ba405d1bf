import { useQueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { confirmDelete } from '../../../ui/confirm-delete.tsx';
import { downloadText } from '../../../ui/download.ts';
import { formatNumber } from '../../../ui/format.ts';
import { notifyDone, notifyError } from '../../../ui/notify.ts';
import { ToldError } from '../../../ui/told-error.ts';
import { deletions } from '../../../ui/use-deletions.ts';
import { askFolder, askName, askNewFolder, askNewName } from '../ask.ts';
import type { Collection, Dataset } from '../queries.ts';
import { collectionFolders } from './collection-folders.ts';
import type { Some } from './use-chosen.ts';

/** So many collections and passages are deleted without being asked. */
const fewCollections = 3;
const fewPassages = 50;
/** So many ids fit into a request that outlives the page; what is more is deleted at once. */
const mostUndone = 2000;

/** Does something that takes a while, and shows that it goes on. */
type During = (work: () => Promise<unknown>) => Promise<unknown>;

type Run = (work: () => Promise<unknown>, done?: string) => Promise<boolean>;

/** Making folders and empty collections. */
function useMaking(datasetId: string, changed: () => Promise<unknown>) {
  const { t } = useTranslation('datasets');
  return {
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
  };
}

/** What is done with one document as it came. */
function useDocumentActions(run: Run) {
  const { t } = useTranslation('datasets');
  return {
    sync: (collection: Collection) =>
      run(async () => {
        const result = await api.syncCollection({ collectionId: collection._id });
        if (result === 'failed') throw new ToldError(t('collections.sync.failed', { name: collection.name }));
        notifyDone(t(`collections.sync.${result}`, { name: collection.name }));
      }),
    exportCsv: (collection: Collection) =>
      run(async () => {
        const csv = await api.exportCollection({ collectionId: collection._id });
        downloadText(csv, `${collection.name.replace(/[\\/:*?"<>|]/g, '_')}.csv`, 'text/csv');
      }),
    openOriginal: (collection: Collection) =>
      run(async () => {
        const { value } = await api.readCollection({ collectionId: collection._id });
        if (value === '') throw new ToldError(t('collections.noOriginal', { name: collection.name }));
        const link = document.createElement('a');
        link.href = value;
        link.target = '_blank';
        link.rel = 'noopener noreferrer';
        link.click();
      }),
  };
}

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
  const nameOf = ({ ids, name }: Some) =>
    name ?? t('select.entries', { count: ids.length, amount: formatNumber(ids.length) });
  /** Does something, shows why it failed, and reads the lists again; answers whether it was done. */
  const run: Run = async (work, done) => {
    let ok = true;
    try {
      await work();
      if (done) notifyDone(done);
    } catch (error) {
      ok = false;
      notifyError(error);
    }
    await changed();
    return ok;
  };
  const many = ({ ids }: Some) => ({ datasetId, collectionIds: [...ids] });
  const making = useMaking(datasetId, changed);
  const documents = useDocumentActions(run);
  return {
    changed,
    ...making,
    ...documents,
    rename: (collection: Collection) =>
      askNewName(collection.name, async (name) => {
        await api.updateCollection({ id: collection._id, name });
        await changed();
      }),
    move: (some: Some, onDone?: () => void) =>
      askFolder({
        title: t('move.title', { name: nameOf(some) }),
        root: dataset.name,
        scope: datasetId,
        list: (parentId) => collectionFolders(datasetId, parentId),
        without: new Set(some.ids),
        onChoose: async (parentId) => {
          await api.updateCollections({ ...many(some), parentId });
          await changed();
          onDone?.();
        },
      }),
    switchOn: (some: Some, on: boolean) => run(() => api.updateCollections({ ...many(some), forbid: !on })),
    /**
     * Asks where much would be lost; it can be undone for a moment unless it is very many: these are deleted
     * `during` something that shows it.
     */
    remove: (some: Some, onDone?: () => void, during: During = (work) => work()) => {
      const { ids, folders, passages } = some;
      const name = nameOf(some);
      const undo = ids.length <= mostUndone;
      const remove = () => {
        const done = i18next.t('state.deleted', { name });
        if (!undo)
          return void during(async () => {
            if (await run(() => api.deleteCollection(many(some)), done)) onDone?.();
          });
        onDone?.();
        deletions.later({
          ids,
          text: done,
          run: () => api.deleteCollection(many(some), { keepalive: true }),
          onSettled: changed,
        });
      };
      if (!folders && ids.length <= fewCollections && passages !== undefined && passages <= fewPassages)
        return remove();
      const lost =
        passages === undefined
          ? t('collections.lostMany')
          : t('collections.lost', { count: passages, amount: formatNumber(passages) });
      const text = folders ? t('collections.lostFolder') : lost;
      confirmDelete({ name, text, undo, onConfirm: remove });
    },
    retry: (some: Some) => run(() => api.retryCollections(many(some)), t('collections.retried')),
  };
}

export type CollectionActions = ReturnType<typeof useCollectionActions>;

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { OnceOpened } from '../../ui/modal.tsx';
import { OfBefore } from '../../ui/of-before.tsx';
import { useGone } from '../../ui/use-deletions.ts';
import { useLastPage } from '../../ui/use-last-page.ts';
import { CollectionHeader } from './collection-header.tsx';
import { ItemList } from './item-list.tsx';
import { ItemToolbar } from './item-toolbar.tsx';
import { type Collection, collectionQuery, itemsQuery, pageSize } from './queries.ts';
import { useNeighbours } from './use-neighbours.ts';

const AddItemDrawer = lazy(async () => ({ default: (await import('./add-item-drawer.tsx')).AddItemDrawer }));
const FailedDrawer = lazy(async () => ({ default: (await import('./failed-drawer.tsx')).FailedDrawer }));
const ItemDrawer = lazy(async () => ({ default: (await import('./item-drawer.tsx')).ItemDrawer }));

const from = '/shell/datasets/$datasetId/collections/$collectionId' as const;

/** A page of passages without those that were just deleted. */
function useWithoutGone(answer: Answer<'listData'> | undefined): Answer<'listData'> | undefined {
  const gone = useGone();
  if (!answer?.list.some(({ _id }) => gone.has(_id))) return answer;
  const list = answer.list.filter(({ _id }) => !gone.has(_id));
  return { ...answer, list, total: answer.total - (answer.list.length - list.length) };
}

/** The data browser: a collection, its passages in order, and the editor of one. */
export function CollectionPage() {
  const { collectionId } = useParams({ from });
  const { data: collection, error, refetch } = useQuery(collectionQuery(collectionId));
  if (error) return <ErrorAlert error={error} onRetry={refetch} />;
  if (!collection) return <Skeleton h={240} />;
  return <Browser key={collectionId} collection={collection} />;
}

function Browser({ collection }: { collection: Collection }) {
  const search = useSearch({ from });
  const navigate = useNavigate({ from: '/datasets/$datasetId/collections/$collectionId' });
  const [adding, setAdding] = useState(false);
  const [failedShown, setFailedShown] = useState(false);
  const around = search.page === undefined ? search.data : undefined;
  const listed = useQuery(
    itemsQuery({
      collectionId: collection._id,
      page: search.page ?? 1,
      ...(search.find && { find: search.find }),
      ...(around && { around }),
    }),
  );
  const open = (next: number, replace = false) =>
    void navigate({ search: ({ find }) => ({ ...(find && { find }), page: next }), replace });
  const items = { ...listed, data: useWithoutGone(listed.data) };
  useLastPage(items, {
    page: around ? 1 : (search.page ?? 1),
    perPage: pageSize,
    onPage: (last) => open(last, true),
  });
  // Of the whole collection, also while some of it are looked at.
  const all = useWithoutGone(useQuery(itemsQuery({ collectionId: collection._id, page: 1 })).data);
  const page = items.data ? Math.floor(items.data.offset / pageSize) + 1 : (search.page ?? 1);
  const show = (data: string | undefined, onPage = page, ignoreBlocker = false) =>
    void navigate({
      search: ({ find }) => ({ ...(find && { find }), page: onPage, ...(data && { data }) }),
      resetScroll: false,
      ignoreBlocker,
    });
  const neighbours = useNeighbours({
    wanted: { collectionId: collection._id, page, ...(search.find && { find: search.find }) },
    answer: items.data,
    current: search.data,
    show,
  });
  const place = items.data?.list.findIndex(({ _id }) => _id === search.data) ?? -1;
  const vectors = collection.dataset.vectorModel.model !== 'builtin-keyword';
  return (
    <>
      <CollectionHeader
        collection={collection}
        items={all?.total ?? 0}
        onShowFailed={() => setFailedShown(true)}
      />
      <ItemToolbar
        find={search.find ?? ''}
        total={items.data?.total}
        onFind={(find) => void navigate({ search: find ? { find } : {}, replace: true })}
        {...(collection.canWrite && collection.type !== 'folder' && { onAdd: () => setAdding(true) })}
      />
      <OfBefore when={listed.isPlaceholderData}>
        <ItemList
          answer={items.data}
          error={items.error}
          onRetry={items.refetch}
          find={search.find}
          vectors={vectors}
          active={search.data}
          page={page}
          onOpen={(id) => show(id)}
          onPage={(next) => open(next)}
          {...(collection.canWrite && { onAdd: () => setAdding(true) })}
        />
      </OfBefore>
      <OnceOpened opened={search.data !== undefined}>
        <ItemDrawer
          id={search.data}
          number={place < 0 ? undefined : (items.data?.offset ?? 0) + place + 1}
          vectors={vectors}
          neighbours={neighbours}
          onClose={() => show(undefined)}
          onDeleted={() => show(undefined, page, true)}
        />
      </OnceOpened>
      <OnceOpened opened={adding}>
        <AddItemDrawer collectionId={collection._id} opened={adding} onClose={() => setAdding(false)} />
      </OnceOpened>
      <OnceOpened opened={failedShown}>
        <FailedDrawer collection={collection} opened={failedShown} onClose={() => setFailedShown(false)} />
      </OnceOpened>
    </>
  );
}

import { Anchor, Breadcrumbs, Button, Pagination, Skeleton, Stack } from '@mantine/core';
import { IconFiles, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CollectionsSearch } from '../../routes/datasets.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { useGone } from '../../ui/use-deletions.ts';
import { isUnfinished } from '../jobs/unfinished.ts';
import { useJobFeed } from '../jobs/use-job-feed.ts';
import { useCollectionActions } from './collections/collection-actions.ts';
import { CollectionTable } from './collections/collection-table.tsx';
import { CollectionTools } from './collections/collection-tools.tsx';
import {
  collectionPathQuery,
  collectionsPerPage,
  collectionsQuery,
  type Dataset,
  datasetQuery,
} from './queries.ts';
import { SelectionBar } from './selection-bar.tsx';
import { SourceState } from './source-state.tsx';
import { useSelection } from './use-selection.ts';

/** The documents of a dataset. */
export function CollectionsPage() {
  const { datasetId } = useParams({ from: '/shell/datasets/$datasetId' });
  const search = useSearch({ from: '/shell/datasets/$datasetId/' });
  const { data: dataset } = useSuspenseQuery(datasetQuery(datasetId));
  return (
    <Stack gap="sm">
      <SourceState dataset={dataset} />
      <FolderPath dataset={dataset} folder={search.folder} />
      <CollectionTools dataset={dataset} search={search} />
      <CollectionList dataset={dataset} search={search} />
    </Stack>
  );
}

function FolderPath({ dataset, folder }: { dataset: Dataset; folder: string | undefined }) {
  const { t } = useTranslation('datasets');
  const path = useQuery(collectionPathQuery(folder));
  if (!folder) return null;
  const datasetId = dataset._id;
  return (
    <Breadcrumbs separatorMargin={6} component="nav" aria-label={t('path')}>
      <Anchor
        size="sm"
        renderRoot={(props) => <Link to="/datasets/$datasetId" params={{ datasetId }} {...props} />}
      >
        {t('collections.top')}
      </Anchor>
      {path.data?.map(({ parentId, parentName }) => (
        <Anchor
          key={parentId}
          size="sm"
          maw={220}
          truncate
          renderRoot={(props) => (
            <Link to="/datasets/$datasetId" params={{ datasetId }} search={{ folder: parentId }} {...props} />
          )}
        >
          {parentName}
        </Anchor>
      ))}
    </Breadcrumbs>
  );
}

interface CollectionListProps {
  dataset: Dataset;
  search: CollectionsSearch;
}

function CollectionList({ dataset, search }: CollectionListProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const navigate = useNavigate({ from: '/datasets/$datasetId' });
  const page = search.page ?? 1;
  const filter = {
    folder: search.folder,
    find: search.find,
    tags: search.tags?.split(',') ?? [],
    state: search.state,
    page,
  };
  const collections = useQuery({
    ...collectionsQuery(dataset._id, filter),
    placeholderData: keepPreviousData,
  });
  const feed = useJobFeed(dataset._id);
  const jobs = new Map([...feed.values()].filter(isUnfinished).map((job) => [job.collectionId ?? '', job]));
  const actions = useCollectionActions(dataset);
  const gone = useGone();
  const selection = useSelection(collections.data?.list.map(({ _id }) => _id) ?? []);
  if (collections.isPending) return <Skeleton h={260} />;
  if (collections.error)
    return <ErrorAlert error={collections.error} onRetry={() => collections.refetch()} />;
  const list = collections.data.list.filter(({ _id }) => !gone.has(_id));
  const total = collections.data.total - (collections.data.list.length - list.length);
  if (total === 0) return <Nothing dataset={dataset} search={search} />;
  const chosen = list.filter(({ _id }) => selection.has(_id));
  const small = { size: 'xs', variant: 'default' } as const;
  return (
    <>
      <SelectionBar count={chosen.length} onClear={selection.clear}>
        <Button
          {...small}
          onClick={async () => {
            const dialog = await import('./collections/tags-form.tsx');
            dialog.openAddTags({
              title: t('tags.add'),
              dataset,
              collections: chosen,
              actions,
              onDone: selection.clear,
            });
          }}
        >
          {t('tags.add')}
        </Button>
        <Button {...small} onClick={() => actions.move(chosen, selection.clear)}>
          {t('common:action.move')}
        </Button>
        <Button {...small} onClick={() => actions.switchOn(chosen, true)}>
          {t('collections.switchOn')}
        </Button>
        <Button {...small} onClick={() => actions.switchOn(chosen, false)}>
          {t('collections.switchOff')}
        </Button>
        <Button {...small} c="red" onClick={() => actions.remove(chosen, selection.clear)}>
          {t('common:action.delete')}
        </Button>
      </SelectionBar>
      <CollectionTable
        dataset={dataset}
        collections={list}
        jobs={jobs}
        selection={selection}
        actions={actions}
      />
      {total > collectionsPerPage && (
        <Pagination
          value={page}
          total={Math.ceil(total / collectionsPerPage)}
          onChange={(next) => navigate({ search: { ...search, page: next } })}
          getControlProps={() => ({ 'aria-label': t('common:list.page') })}
        />
      )}
    </>
  );
}

/** What an empty list says, and what to do about it. */
function Nothing({ dataset, search }: CollectionListProps) {
  const { t } = useTranslation('datasets');
  const datasetId = dataset._id;
  if (search.find ?? search.tags ?? search.state)
    return <EmptyState icon={IconSearch} title={t('empty.foundTitle')} text={t('collections.notFound')} />;
  const { folder } = search;
  return (
    <EmptyState
      icon={IconFiles}
      title={t(folder ? 'empty.folderTitle' : 'collections.emptyTitle')}
      text={t('collections.empty')}
    >
      {dataset.permission.hasWritePer && (
        <Button
          renderRoot={(props) => (
            <Link
              to="/datasets/$datasetId/import"
              params={{ datasetId }}
              search={folder ? { folder } : {}}
              {...props}
            />
          )}
        >
          {t('collections.importFirst')}
        </Button>
      )}
    </EmptyState>
  );
}

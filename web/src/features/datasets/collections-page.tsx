import { Anchor, Breadcrumbs, Button, Pagination, Skeleton, Stack, Text } from '@mantine/core';
import { IconFiles, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CollectionsSearch } from '../../routes/datasets.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { OfBefore } from '../../ui/of-before.tsx';
import { useGone } from '../../ui/use-deletions.ts';
import { useLastPage } from '../../ui/use-last-page.ts';
import { isUnfinished } from '../jobs/unfinished.ts';
import { useJobFeed } from '../jobs/use-job-feed.ts';
import { ChosenBar } from './collections/chosen-bar.tsx';
import { useCollectionActions } from './collections/collection-actions.ts';
import { CollectionTable } from './collections/collection-table.tsx';
import { CollectionTools } from './collections/collection-tools.tsx';
import { useChosen } from './collections/use-chosen.ts';
import {
  collectionPathQuery,
  collectionsPerPage,
  collectionsQuery,
  type Dataset,
  datasetQuery,
} from './queries.ts';
import { SourceState } from './source-state.tsx';

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
    sort: search.sort,
    page,
  };
  const collections = useQuery({
    ...collectionsQuery(dataset._id, filter),
    placeholderData: keepPreviousData,
  });
  const open = (next: number, replace = false) =>
    void navigate({ search: { ...search, page: next }, replace });
  useLastPage(collections, { page, perPage: collectionsPerPage, onPage: (last) => open(last, true) });
  const { jobs: feed } = useJobFeed(dataset._id);
  const jobs = new Map([...feed.values()].filter(isUnfinished).map((job) => [job.collectionId ?? '', job]));
  const actions = useCollectionActions(dataset);
  const gone = useGone();
  // What lies in a folder that is going goes with it.
  const listed = collections.data;
  const shown = listed?.list.filter(({ _id, parentId }) => !gone.has(_id) && !gone.has(parentId ?? ''));
  const scope = JSON.stringify([dataset._id, search.folder, search.find, search.tags, search.state]);
  const chosen = useChosen(scope, shown ?? [], gone);
  if (!shown && !collections.error) return <Skeleton h={260} />;
  if (!listed || !shown || collections.error)
    return <ErrorAlert error={collections.error} onRetry={() => collections.refetch()} />;
  const total = listed.total - (listed.list.length - shown.length);
  if (total === 0) return <Nothing dataset={dataset} search={search} />;
  return (
    <>
      <ChosenBar dataset={dataset} filter={filter} chosen={chosen} total={listed.total} actions={actions} />
      {shown.length === 0 && listed.list.length > 0 && <Text c="dimmed">{t('collections.going')}</Text>}
      {shown.length > 0 && (
        <OfBefore when={collections.isPlaceholderData}>
          <CollectionTable
            dataset={dataset}
            collections={shown}
            jobs={jobs}
            selection={chosen}
            actions={actions}
            ofBefore={collections.isPlaceholderData}
          />
        </OfBefore>
      )}
      {listed.total > collectionsPerPage && (
        <Pagination
          value={page}
          total={Math.ceil(listed.total / collectionsPerPage)}
          onChange={(next) => open(next)}
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

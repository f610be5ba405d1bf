import { Anchor, Button, Group, Pagination, Skeleton, Stack } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { initQuery } from '../../api/init.ts';
import { mayEdit, useMe } from '../../api/me.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Forbidden } from '../../ui/forbidden.tsx';
import { OfBefore } from '../../ui/of-before.tsx';
import { Page } from '../../ui/page.tsx';
import { lastPage, useLastPage } from '../../ui/use-last-page.ts';
import { DeletedTable } from './deleted-table.tsx';
import { type DeletedKind, deletedPerPage, deletedQuery } from './queries.ts';

/** Datasets that can be restored. */
export const DeletedDatasetsPage = () => <DeletedPage kind="datasets" />;
/** Apps that can be restored. */
export const DeletedAppsPage = () => <DeletedPage kind="apps" />;

function DeletedPage({ kind }: { kind: DeletedKind }) {
  const { t } = useTranslation('deleted');
  const { trashDays } = useSuspenseQuery(initQuery).data.feConfigs;
  if (!mayEdit(useMe())) return <Forbidden title={t('title')} />;
  return (
    <Page
      title={t('title')}
      text={trashDays > 0 ? t('text', { count: trashDays }) : t('textNone')}
      above={
        <Anchor size="sm" renderRoot={(props) => <Link to={`/${kind}`} {...props} />}>
          {t(`list.${kind}`)}
        </Anchor>
      }
    >
      <DeletedList kind={kind} keptDays={trashDays} />
    </Page>
  );
}

function DeletedList({ kind, keptDays }: { kind: DeletedKind; keptDays: number }) {
  const { t } = useTranslation(['deleted', 'common']);
  const [page, setPage] = useState(1);
  const deleted = useQuery(deletedQuery(kind, page));
  const { data, error, refetch } = deleted;
  useLastPage(deleted, { page, perPage: deletedPerPage, onPage: setPage });
  if (error) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={200} />;
  const pages = lastPage(data.total, deletedPerPage);
  if (data.total === 0)
    return (
      <EmptyState
        icon={IconTrash}
        title={t('empty.title')}
        text={keptDays > 0 ? t(`empty.${kind}`, { count: keptDays }) : t('empty.none')}
      >
        <Button variant="default" renderRoot={(props) => <Link to={`/${kind}`} {...props} />}>
          {t(kind === 'datasets' ? 'empty.backDatasets' : 'empty.backApps')}
        </Button>
      </EmptyState>
    );
  return (
    <Stack>
      <OfBefore when={deleted.isPlaceholderData}>
        <DeletedTable kind={kind} items={data.list} />
      </OfBefore>
      {pages > 1 && (
        <Group justify="center">
          <Pagination
            total={pages}
            value={page}
            onChange={setPage}
            aria-label={t('common:list.page')}
            getControlProps={(control) => ({
              'aria-label': t(
                control === 'next' || control === 'last' ? 'common:action.next' : 'common:action.back',
              ),
            })}
          />
        </Group>
      )}
    </Stack>
  );
}

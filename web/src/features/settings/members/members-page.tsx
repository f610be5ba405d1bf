import { Button, Group, Pagination, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconSearch, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { OnceOpened } from '../../../ui/modal.tsx';
import { OfBefore } from '../../../ui/of-before.tsx';
import { lastPage, useLastPage } from '../../../ui/use-last-page.ts';
import { membersQuery } from '../queries.ts';
import { MemberTable } from './member-table.tsx';

const AddMembers = lazy(async () => ({ default: (await import('./add-members.tsx')).AddMembers }));

const pageSize = 50;

/** Who is in the team, and with which role. */
export function MembersPage() {
  const { t } = useTranslation(['settings', 'common']);
  const [adding, { open, close }] = useDisclosure(false);
  const [status, setStatus] = useState<'active' | 'inactive'>('active');
  const [find, setFind] = useState('');
  const [page, setPage] = useState(1);
  const [searchKey] = useDebouncedValue(find.trim(), 250);
  const members = useQuery({
    ...membersQuery({ status, searchKey, pageNum: page }),
    placeholderData: keepPreviousData,
  });
  const { data, error, refetch } = members;
  useLastPage(members, { page, perPage: pageSize, onPage: setPage });
  const pages = lastPage(data?.total ?? 0, pageSize);
  return (
    <Stack>
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          <TextInput
            aria-label={t('common:action.search')}
            placeholder={t('members.find')}
            leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
            value={find}
            onChange={({ currentTarget }) => {
              setPage(1);
              setFind(currentTarget.value);
            }}
          />
          <SegmentedControl
            aria-label={t('members.which')}
            data={[
              { value: 'active', label: t('members.active') },
              { value: 'inactive', label: t('members.inactive') },
            ]}
            value={status}
            onChange={(value) => {
              setPage(1);
              setStatus(value as 'active' | 'inactive');
            }}
          />
        </Group>
        <Button leftSection={<IconUserPlus size={16} stroke={1.6} aria-hidden />} onClick={open}>
          {t('members.add')}
        </Button>
      </Group>
      {error && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && data.total === 0 && (
        <EmptyState
          icon={IconUsers}
          title={t(searchKey ? 'members.notFound' : 'members.nobodyLeft')}
          text={t(searchKey ? 'members.notFoundText' : 'members.nobodyLeftText')}
        />
      )}
      {data && data.total > 0 && (
        <OfBefore when={members.isPlaceholderData}>
          <MemberTable members={data.list} />
        </OfBefore>
      )}
      {data && pages > 1 && (
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {t('common:list.total', { count: data.total })}
          </Text>
          <Pagination aria-label={t('common:list.page')} total={pages} value={page} onChange={setPage} />
        </Group>
      )}
      <OnceOpened opened={adding}>
        <AddMembers opened={adding} onClose={close} />
      </OnceOpened>
    </Stack>
  );
}

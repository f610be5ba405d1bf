import { ActionIcon, Indicator } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { Loading } from '../ui/loading.tsx';
import { Popover } from '../ui/popover.tsx';

// Comes with the first look at them: a mark at the bell says all that most screens need.
const InformList = lazy(() => import('./inform-list.tsx'));

const latestQuery = queryOptions({
  queryKey: ['informs', 'latest'],
  queryFn: () => api.listInforms({ pageSize: 20 }),
  refetchInterval: 60_000,
});

/** What somebody should know of: jobs that failed, keys that end. */
export function InformMenu() {
  const { t } = useTranslation('common');
  const { data } = useQuery(latestQuery);
  const unread = data?.unread ?? 0;
  return (
    <Indicator disabled={unread === 0} label={unread > 9 ? '9+' : unread} size={16} offset={5} color="red.8">
      <Popover
        position="bottom-end"
        width={340}
        shadow="md"
        trapFocus
        styles={{ dropdown: { padding: 0 } }}
        target={
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('inform.label', { count: unread })}
          >
            <IconBell size={20} stroke={1.6} />
          </ActionIcon>
        }
      >
        {(close) => (
          <Suspense fallback={<Loading />}>
            <InformList latest={data} onOpen={close} />
          </Suspense>
        )}
      </Popover>
    </Indicator>
  );
}

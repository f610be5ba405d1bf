import { ActionIcon, Button, Group, Indicator, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Answer, api } from '../api/client.ts';
import { Popover } from '../ui/popover.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';

type Inform = Answer<'listInforms'>['list'][number];

const informsQuery = queryOptions({
  queryKey: ['informs'],
  queryFn: () => api.listInforms({ pageSize: 20 }),
  refetchInterval: 60_000,
});
const places = { job: '/jobs', key: '/api-keys' } as const;

/** What somebody should know of: jobs that failed, keys that end. */
export function InformMenu() {
  const { t } = useTranslation('common');
  const { data } = useQuery(informsQuery);
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
        {(close) => <Informs list={data?.list} unread={unread} onOpen={close} />}
      </Popover>
    </Indicator>
  );
}

interface InformsProps {
  /** Absent until the server has answered. */
  list: readonly Inform[] | undefined;
  unread: number;
  onOpen: () => void;
}

function Informs({ list, unread, onOpen }: InformsProps) {
  const { t } = useTranslation('common');
  const queryClient = useQueryClient();
  const read = useMutation({
    mutationFn: (id: string | undefined) => api.readInform(id === undefined ? {} : { id }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: informsQuery.queryKey }),
  });
  const open = (inform: Inform) => {
    onOpen();
    if (!inform.read) read.mutate(inform._id);
  };
  return (
    <>
      <Group justify="space-between" px="sm" py={8}>
        <Text fw={600} size="sm">
          {t('inform.title')}
        </Text>
        {unread > 0 && (
          <Button size="compact-xs" variant="subtle" onClick={() => read.mutate(undefined)}>
            {t('inform.readAll')}
          </Button>
        )}
      </Group>
      <Stack gap={0} pb={6} mah={420} style={{ overflowY: 'auto' }}>
        {list?.length === 0 && (
          <Text size="sm" c="dimmed" px="sm" pb="sm">
            {t('inform.none')}
          </Text>
        )}
        {list?.map((inform) => (
          <UnstyledButton
            key={inform._id}
            px="sm"
            py={8}
            onClick={() => open(inform)}
            renderRoot={(props) => <Link to={places[inform.about.type]} {...props} />}
          >
            <Text size="sm" fw={inform.read ? 400 : 600} lineClamp={2}>
              {inform.title}
            </Text>
            <Text size="xs" c="dimmed" lineClamp={3}>
              {inform.content}
            </Text>
            <Text size="xs" c="dimmed">
              <TimeAgo time={inform.time} />
            </Text>
          </UnstyledButton>
        ))}
      </Stack>
    </>
  );
}

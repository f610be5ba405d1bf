import { Box, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api } from '../api/client.ts';
import { ErrorAlert } from '../ui/error-alert.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';

type Page = Answer<'listInforms'>;
type Inform = Page['list'][number];

const pageSize = 20;

const informsQuery = infiniteQueryOptions({
  queryKey: ['informs', 'all'],
  queryFn: ({ pageParam }) => api.listInforms({ offset: pageParam, pageSize }),
  initialPageParam: 0,
  getNextPageParam: (last: Page, pages: Page[]) => {
    const loaded = pages.reduce((sum, { list }) => sum + list.length, 0);
    return last.list.length > 0 && loaded < last.total ? loaded : undefined;
  },
});
const places = { job: '/jobs', key: '/api-keys' } as const;

interface InformListProps {
  /** What is known already; absent until the server has answered. */
  latest: Page | undefined;
  onOpen: () => void;
}

/** All messages, the latest first and earlier ones on demand. */
export default function InformList({ latest, onOpen }: InformListProps) {
  const { t } = useTranslation('common');
  const queryClient = useQueryClient();
  const all = useRef<HTMLDivElement>(null);
  // The box was empty when it took the focus.
  useEffect(() => all.current?.focus(), []);
  const informs = useInfiniteQuery({
    ...informsQuery,
    ...(latest && { placeholderData: { pages: [latest], pageParams: [0] } }),
  });
  const pages = informs.data?.pages;
  const list = pages?.flatMap((page) => page.list);
  const read = useMutation({
    mutationFn: (id: string | undefined) => api.readInform(id === undefined ? {} : { id }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['informs'] }),
  });
  const open = (inform: Inform) => {
    onOpen();
    if (!inform.read) read.mutate(inform._id);
  };
  const failed = informs.error && !informs.isFetching && (!pages || informs.isFetchNextPageError);
  const again = () => void (pages ? informs.fetchNextPage() : informs.refetch());
  return (
    <div ref={all} tabIndex={-1} style={{ outline: 'none' }}>
      <Group justify="space-between" px="sm" py={8}>
        <Text fw={600} size="sm">
          {t('inform.title')}
        </Text>
        {(pages?.[0]?.unread ?? 0) > 0 && (
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
          <Entry key={inform._id} inform={inform} onOpen={() => open(inform)} />
        ))}
        {failed ? (
          <Box p="xs">
            <ErrorAlert error={informs.error} onRetry={again} />
          </Box>
        ) : (
          informs.hasNextPage && (
            <Group justify="center" p="xs">
              <Button variant="subtle" size="xs" loading={informs.isFetchingNextPage} onClick={again}>
                {t('inform.earlier')}
              </Button>
            </Group>
          )
        )}
      </Stack>
    </div>
  );
}

function Entry({ inform, onOpen }: { inform: Inform; onOpen: () => void }) {
  return (
    <UnstyledButton
      px="sm"
      py={8}
      onClick={onOpen}
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
  );
}

import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { notifyDone, notifyError } from '../../ui/notify.ts';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { Passage } from './passage.tsx';
import { withReferences } from './picture-references.ts';
import type { Item } from './queries.ts';

/** What an item said before; each version can be taken back. */
export function ItemHistory({ item }: { item: Item }) {
  const { t } = useTranslation('data');
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: ({ q, a }: { q: string; a: string }) =>
      api.updateData({ dataId: item.id, q: withReferences(q), a: withReferences(a) }),
    onSuccess: async () => {
      notifyDone(t('history.restored'));
      await queries.invalidateQueries({ queryKey: ['data'] });
    },
    onError: notifyError,
  });
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t(item.history.length === 0 ? 'history.none' : 'history.text')}
      </Text>
      {item.history.map((version) => (
        <Card key={version.updateTime} withBorder padding="sm">
          <Group justify="space-between" mb="xs">
            <Text size="xs" c="dimmed">
              {t('history.until')} <TimeAgo time={version.updateTime} />
            </Text>
            {item.canWrite && (
              <Button
                size="compact-xs"
                variant="light"
                leftSection={<IconHistory size={14} aria-hidden />}
                loading={restore.isPending}
                onClick={() => restore.mutate(version)}
              >
                {t('history.restore')}
              </Button>
            )}
          </Group>
          <Passage q={version.q} a={version.a} folded />
        </Card>
      ))}
    </Stack>
  );
}

import { Group, Skeleton, Tabs, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatNumber } from '../../ui/format.ts';
import { IconAction } from '../../ui/icon-action.tsx';
import { Drawer } from '../../ui/modal-parts.ts';
import { deletions } from '../../ui/use-deletions.ts';
import { ItemEditor } from './item-editor.tsx';
import { ItemHistory } from './item-history.tsx';
import { ItemIndexes } from './item-indexes.tsx';
import { placeText } from './place-text.ts';
import { type Item, itemQuery } from './queries.ts';
import { isSomethingUnsaved, mayLose } from './unsaved.ts';
import type { Neighbours } from './use-neighbours.ts';

interface ItemDrawerProps {
  /** The open item; absent = the drawer is closed. */
  id: string | undefined;
  /** Its place in the collection, from 1, where it is known. */
  number: number | undefined;
  vectors: boolean;
  neighbours: Neighbours;
  onClose: () => void;
  /** It is about to be deleted, and whatever was changed in it may go. */
  onDeleted: () => void;
}

/** One passage beside the list: its text, what it is found by, and what it said before. */
export function ItemDrawer({ id, number, vectors, neighbours, onClose, onDeleted }: ItemDrawerProps) {
  const { t } = useTranslation('data');
  const {
    data: item,
    error,
    refetch,
  } = useQuery({
    ...itemQuery(id ?? ''),
    enabled: id !== undefined,
    refetchInterval: ({ state }) =>
      vectors && state.data?.indexes.some(({ embedded }) => !embedded) ? 5000 : false,
  });
  useHotkeys([
    ['ArrowLeft', () => id && neighbours.previous?.()],
    ['ArrowRight', () => id && neighbours.next?.()],
  ]);
  const title = number === undefined ? t('item.title') : t('item.number', { number: formatNumber(number) });
  return (
    <Drawer.Root opened={id !== undefined} onClose={onClose} position="right" size="xl">
      <Drawer.Overlay backgroundOpacity={0.25} />
      <Drawer.Content aria-label={title}>
        <Drawer.Header>
          <Group gap={4} wrap="nowrap" miw={0}>
            <IconAction
              label={t('item.previous')}
              icon={IconChevronLeft}
              disabled={!neighbours.previous}
              onClick={neighbours.previous}
            />
            <IconAction
              label={t('item.next')}
              icon={IconChevronRight}
              disabled={!neighbours.next}
              onClick={neighbours.next}
            />
            <Drawer.Title fw={650} style={{ whiteSpace: 'nowrap' }}>
              {title}
            </Drawer.Title>
            <Text size="sm" c="dimmed" truncate ml="xs">
              {placeText(t, item?.position)}
            </Text>
          </Group>
          <Group gap={4} wrap="nowrap">
            {item?.canWrite && <DeleteItem item={item} title={title} onDeleted={onDeleted} />}
            <Drawer.CloseButton aria-label={t('item.close')} />
          </Group>
        </Drawer.Header>
        <Drawer.Body>
          {error && <ErrorAlert error={error} onRetry={refetch} />}
          {!item && !error && <Skeleton h={300} />}
          {item && item.id === id && <ItemTabs key={item.id} item={item} vectors={vectors} />}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function ItemTabs({ item, vectors }: { item: Item; vectors: boolean }) {
  const { t } = useTranslation('data');
  return (
    <Tabs defaultValue="text" keepMounted>
      <Tabs.List mb="md">
        <Tabs.Tab value="text">{t('item.text')}</Tabs.Tab>
        <Tabs.Tab value="indexes">{t('item.indexesTab', { number: item.indexes.length })}</Tabs.Tab>
        <Tabs.Tab value="history">{t('item.historyTab', { number: item.history.length })}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="text">
        <ItemEditor item={item} />
      </Tabs.Panel>
      <Tabs.Panel value="indexes">
        <ItemIndexes item={item} vectors={vectors} />
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <ItemHistory item={item} />
      </Tabs.Panel>
    </Tabs>
  );
}

function DeleteItem({ item, title, onDeleted }: { item: Item; title: string; onDeleted: () => void }) {
  const { t } = useTranslation('data');
  const queries = useQueryClient();
  const remove = async () => {
    if (!(await mayLose(isSomethingUnsaved()))) return;
    onDeleted();
    deletions.later({
      ids: [item.id],
      text: t('item.deleted', { name: title }),
      run: () => api.deleteData({ id: item.id }, { keepalive: true }),
      onSettled: () =>
        Promise.all([
          queries.invalidateQueries({ queryKey: ['data', 'items', item.collectionId] }),
          queries.invalidateQueries({ queryKey: ['datasets'] }),
        ]),
    });
  };
  return <IconAction label={t('item.delete')} icon={IconTrash} color="red" onClick={() => void remove()} />;
}

import { ActionIcon, Box, Button, Group, Table, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { notifyError } from '../../ui/notify.ts';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { fullTime, TimeAgo } from '../../ui/time-ago.tsx';
import { AppAvatar } from '../apps/app-avatar.tsx';
import { DatasetAvatar } from '../datasets/dataset-avatar.tsx';
import type { DeletedItem, DeletedKind } from './queries.ts';
import { timeLeft } from './time-left.ts';
import { useClear } from './use-clear.ts';
import { useRestore } from './use-restore.ts';

/** What can be restored, one a row. */
export function DeletedTable({ kind, items }: { kind: DeletedKind; items: readonly DeletedItem[] }) {
  const { t } = useTranslation('deleted');
  return (
    <TableScroll minWidth={320}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.name')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('column.deleted')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('column.left')}</Table.Th>
            <Table.Th w={140} aria-label={t('restore')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <DeletedRow key={item._id} kind={kind} item={item} />
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

function DeletedRow({ kind, item }: { kind: DeletedKind; item: DeletedItem }) {
  const { t } = useTranslation('deleted');
  const left = leftOf(t, item.endTime);
  const { name } = item.sourceMember;
  return (
    <Table.Tr>
      <Table.Td maw={0} w={{ base: '100%', sm: '50%' }}>
        <Group gap="sm" wrap="nowrap">
          <DeletedAvatar kind={kind} item={item} />
          <Box miw={0} flex={1}>
            <Text fw={600} truncate title={item.name}>
              {item.name}
            </Text>
            <Text size="sm" c="dimmed" lineClamp={3}>
              {contentsOf(t, item.contents) || t(kind === 'apps' ? 'contents.noneApps' : 'contents.none')}
            </Text>
            <Text size="sm" c="dimmed" hiddenFrom="sm">
              {t('leftShort', { time: left })}
            </Text>
          </Box>
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="sm" maw={220}>
        <Text size="sm">
          <TimeAgo time={item.deletedTime} />
        </Text>
        {name && (
          <Text size="sm" c="dimmed" truncate title={name}>
            {t('by', { name })}
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
        <Text size="sm" title={fullTime(new Date(item.endTime))}>
          {left}
        </Text>
      </Table.Td>
      <Table.Td>
        <RowButtons kind={kind} item={item} />
      </Table.Td>
    </Table.Tr>
  );
}

function DeletedAvatar({ kind, item: { type, avatar, name } }: { kind: DeletedKind; item: DeletedItem }) {
  // Folders of apps look as those of datasets do.
  return kind === 'datasets' || type === 'folder' ? (
    <DatasetAvatar type={type} avatar={avatar} />
  ) : (
    <AppAvatar name={name} avatar={avatar} size={34} />
  );
}

function RowButtons({ kind, item }: { kind: DeletedKind; item: DeletedItem }) {
  const { t } = useTranslation('deleted');
  const restore = useRestore(kind);
  const clear = useClear(kind);
  const restoring = useMutation({
    mutationFn: () => restore({ ids: [item._id], name: item.name }),
    onError: notifyError,
  });
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <Button
        size="xs"
        variant="default"
        aria-label={t('restoreOne', { name: item.name })}
        loading={restoring.isPending}
        onClick={() => restoring.mutate()}
      >
        {t('restore')}
      </Button>
      <ActionIcon
        variant="subtle"
        color="red"
        size={30}
        aria-label={t('clearOne', { name: item.name })}
        title={t('clear')}
        onClick={() => clear(item, contentsOf(t, item.contents))}
      >
        <IconTrash size={18} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

const parts = ['folders', 'datasets', 'collections', 'data', 'apps', 'keys', 'chats'] as const;

/** What went with it, in words; '' = nothing. Of a folder, itself is not counted; a single dataset or app goes without saying. */
function contentsOf(t: TFunction<'deleted'>, contents: DeletedItem['contents']): string {
  const isFolder = (contents.folders ?? 0) > 0;
  const said = parts.flatMap((part) => {
    const counted = contents[part] ?? 0;
    const count = part === 'folders' ? counted - 1 : counted;
    if (count <= 0 || (!isFolder && (part === 'datasets' || part === 'apps'))) return [];
    return [t(`contents.${part}`, { count })];
  });
  return said.join(t('contents.separator'));
}

function leftOf(t: TFunction<'deleted'>, endTime: string): string {
  const { unit, count } = timeLeft(endTime);
  return unit === 'last' ? t('left.last') : t(`left.${unit}`, { count });
}

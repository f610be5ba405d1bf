import { Badge, Button, Card, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { confirmDelete } from '../../ui/confirm-delete.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { IconAction } from '../../ui/icon-action.tsx';
import { notifyDone, notifyError } from '../../ui/notify.ts';
import { Select } from '../../ui/select.tsx';
import type { Item, ItemIndex } from './queries.ts';
import { useUnsavedGuard } from './unsaved.ts';

/** Indexes of its own that an item may have; the server's limit. */
const mostOwn = 20;
const kinds = ['custom', 'question', 'summary', 'image'] as const;
type Kind = (typeof kinds)[number];

/** The texts by which an item is found, one by one. */
export function ItemIndexes({ item, vectors }: { item: Item; vectors: boolean }) {
  const { t } = useTranslation('data');
  const [edited, edit] = useState<string | undefined>();
  const own = item.indexes.filter(({ type }) => type !== 'default').length;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('index.text')}
      </Text>
      {item.indexes.map((index, place) =>
        index.dataId === edited && index.type !== 'default' ? (
          <IndexForm key={index.dataId} item={item} index={index} onDone={() => edit(undefined)} />
        ) : (
          <IndexCard
            // The default indexes are q and a, and both have the id of the item.
            key={`${index.dataId}:${index.type === 'default' ? place : ''}`}
            item={item}
            index={index}
            vectors={vectors}
            onEdit={() => edit(index.dataId)}
          />
        ),
      )}
      {item.canWrite &&
        (edited === 'new' ? (
          <IndexForm item={item} onDone={() => edit(undefined)} />
        ) : (
          <Group>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlus size={14} aria-hidden />}
              disabled={own >= mostOwn}
              onClick={() => edit('new')}
            >
              {t('index.add')}
            </Button>
            {own >= mostOwn && (
              <Text size="xs" c="dimmed">
                {t('index.most', { count: mostOwn })}
              </Text>
            )}
          </Group>
        ))}
    </Stack>
  );
}

/** Enough of a text to know it by. */
const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

interface IndexCardProps {
  item: Item;
  index: ItemIndex;
  vectors: boolean;
  onEdit: () => void;
}

function IndexCard({ item, index, vectors, onEdit }: IndexCardProps) {
  const { t } = useTranslation(['data', 'common']);
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.deleteDataIndex({ dataId: item.id, indexDataId: index.dataId }),
    onSuccess: async () => {
      notifyDone(t('index.deleted'));
      await queries.invalidateQueries({ queryKey: ['data'] });
    },
    onError: notifyError,
  });
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" mb={6} wrap="nowrap">
        <Group gap={8}>
          <Badge variant="light" tt="none" color={index.type === 'default' ? 'gray' : undefined}>
            {t(`kind.${index.type}`)}
          </Badge>
          {vectors && (
            <Text size="xs" c="dimmed" {...(!index.embedded && { fw: 600 })}>
              {t(index.embedded ? 'index.embedded' : 'index.waiting')}
            </Text>
          )}
        </Group>
        {item.canWrite && index.type !== 'default' && (
          <Group gap={2} wrap="nowrap">
            <IconAction label={t('index.edit')} icon={IconPencil} onClick={onEdit} />
            <IconAction
              label={t('index.delete')}
              icon={IconTrash}
              color="red"
              loading={remove.isPending}
              onClick={() =>
                confirmDelete({
                  name: shortened(index.text),
                  text: t('index.lost'),
                  onConfirm: () => remove.mutate(),
                })
              }
            />
          </Group>
        )}
      </Group>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap' }} lineClamp={6}>
        {index.text}
      </Text>
    </Card>
  );
}

function IndexForm({ item, index, onDone }: { item: Item; index?: ItemIndex; onDone: () => void }) {
  const { t } = useTranslation(['data', 'common']);
  const queries = useQueryClient();
  const first: Kind = kinds.find((kind) => kind === index?.type) ?? 'custom';
  const [kind, setKind] = useState<Kind>(first);
  const [text, setText] = useState(index?.text ?? '');
  useUnsavedGuard(text !== (index?.text ?? '') || kind !== first);
  const save = useMutation({
    mutationFn: () =>
      index
        ? api.updateDataIndex({ dataId: item.id, indexDataId: index.dataId, type: kind, text })
        : api.createDataIndex({ dataId: item.id, type: kind, text }),
    onSuccess: async () => {
      onDone();
      await queries.invalidateQueries({ queryKey: ['data'] });
    },
  });
  return (
    <Card withBorder padding="sm">
      <Stack gap="sm">
        <Select
          label={t('index.kind')}
          data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind}
          onChange={(value) => setKind(kinds.find((each) => each === value) ?? 'custom')}
          allowDeselect={false}
          maw={240}
        />
        <Textarea
          label={t('index.words')}
          description={t('index.hint')}
          autosize
          minRows={2}
          maxRows={10}
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {save.error && <ErrorAlert error={save.error} />}
        <Group>
          <Button
            size="xs"
            loading={save.isPending}
            disabled={text.trim() === ''}
            onClick={() => save.mutate()}
          >
            {t('common:action.save')}
          </Button>
          <Button size="xs" variant="subtle" color="gray" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

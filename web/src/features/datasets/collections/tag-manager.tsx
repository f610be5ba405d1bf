import {
  ActionIcon,
  Button,
  Group,
  Paper,
  ScrollArea,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconCheck, IconPencil, IconTrash, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { confirmDelete } from '../../../ui/confirm-delete.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { modals } from '../../../ui/modals.ts';
import { notifyError } from '../../../ui/notify.ts';
import { type Tag, tagsQuery } from '../queries.ts';

function TagManager({ datasetId }: { datasetId: string }) {
  const { t } = useTranslation(['datasets', 'common']);
  const queries = useQueryClient();
  const tags = useQuery(tagsQuery(datasetId));
  const usage = useQuery({
    queryKey: ['datasets', 'tag-usage', datasetId],
    queryFn: () => api.tagUsage({ datasetId }),
  });
  const counts = new Map(usage.data?.map(({ tagId, collections }) => [tagId, collections.length]));
  const [name, setName] = useState('');
  const changed = () => queries.invalidateQueries({ queryKey: ['datasets'] });
  const create = useMutation({
    mutationFn: () => api.createTag({ datasetId, tag: name.trim() }),
    onSuccess: async () => {
      setName('');
      await changed();
    },
  });
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) create.mutate();
        }}
      >
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            label={t('tags.new')}
            flex={1}
            maxLength={100}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            {t('common:action.add')}
          </Button>
        </Group>
      </form>
      {(create.error ?? tags.error) && <ErrorAlert error={create.error ?? tags.error} />}
      {usage.error && <ErrorAlert error={usage.error} onRetry={() => usage.refetch()} />}
      {tags.isPending && <Skeleton h={80} />}
      {tags.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('tags.none')}
        </Text>
      )}
      {tags.data && tags.data.length > 0 && (
        <Paper withBorder>
          <ScrollArea.Autosize mah={380}>
            {tags.data.map((tag) => (
              <TagRow
                key={tag._id}
                datasetId={datasetId}
                tag={tag}
                count={usage.data ? (counts.get(tag._id) ?? 0) : undefined}
                onChanged={changed}
              />
            ))}
          </ScrollArea.Autosize>
        </Paper>
      )}
    </Stack>
  );
}

interface TagRowProps {
  datasetId: string;
  tag: Tag;
  /** Collections that have it; absent as long as nobody knows. */
  count: number | undefined;
  onChanged: () => Promise<unknown>;
}

function TagRow({ datasetId, tag, count, onChanged }: TagRowProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const [edited, setEdited] = useState<string>();
  const rename = useMutation({
    mutationFn: (name: string) => api.updateTag({ datasetId, tagId: tag._id, tag: name }),
    onSuccess: async () => {
      setEdited(undefined);
      await onChanged();
    },
    onError: notifyError,
  });
  const remove = useMutation({
    mutationFn: () => api.deleteTag({ datasetId, tagId: tag._id }),
    onSuccess: onChanged,
    onError: notifyError,
  });
  const icon = (label: string, Icon: typeof IconX, onClick: () => void) => (
    <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
      <Icon size={16} stroke={1.6} aria-hidden />
    </ActionIcon>
  );
  if (edited !== undefined)
    return (
      <Group gap="xs" px="sm" py={6} wrap="nowrap">
        <TextInput
          flex={1}
          size="xs"
          aria-label={t('field.name')}
          value={edited}
          maxLength={100}
          onChange={(event) => setEdited(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && edited.trim() && rename.mutate(edited.trim())}
        />
        {icon(t('common:action.save'), IconCheck, () => edited.trim() && rename.mutate(edited.trim()))}
        {icon(t('common:action.cancel'), IconX, () => setEdited(undefined))}
      </Group>
    );
  return (
    <Group gap="xs" px="sm" py={6} wrap="nowrap">
      <Text size="sm" flex={1} truncate title={tag.tag}>
        {tag.tag}
      </Text>
      <Text size="xs" c="dimmed">
        {count !== undefined && t('tags.used', { count })}
      </Text>
      {icon(t('tags.rename', { name: tag.tag }), IconPencil, () => setEdited(tag.tag))}
      {icon(t('tags.delete', { name: tag.tag }), IconTrash, () =>
        confirmDelete({
          name: tag.tag,
          text: count === undefined ? t('tags.lostAll') : t('tags.lost', { count }),
          onConfirm: () => remove.mutate(),
        }),
      )}
    </Group>
  );
}

/** Makes, renames and deletes the tags of a dataset. */
export function openTagManager(title: string, datasetId: string): void {
  modals.open({ title, children: <TagManager datasetId={datasetId} /> });
}

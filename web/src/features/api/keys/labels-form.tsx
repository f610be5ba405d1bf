import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { confirmDelete } from '../../../ui/confirm-delete.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { forgetKeys, type KeyLabel, keyLabelsQuery } from '../queries.ts';

/** Renames and deletes labels; new ones are made where a key gets them. */
export function LabelsForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['api', 'common']);
  const { data: labels, error } = useQuery(keyLabelsQuery);
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t(labels?.length === 0 ? 'labels.none' : 'labels.text')}
      </Text>
      {error && <ErrorAlert error={error} />}
      {labels?.map((label) => (
        <LabelRow key={label._id} label={label} />
      ))}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common:action.close')}
        </Button>
      </Group>
    </Stack>
  );
}

function LabelRow({ label }: { label: KeyLabel }) {
  const { t } = useTranslation('api');
  const client = useQueryClient();
  const [name, setName] = useState(label.name);
  const onSuccess = () => forgetKeys(client);
  const rename = useMutation({
    mutationFn: () => api.updateKeyLabel({ id: label._id, name: name.trim() }),
    onSuccess,
  });
  const remove = useMutation({ mutationFn: () => api.deleteKeyLabel({ id: label._id }), onSuccess });
  // What no key has is soon made again.
  const askDelete = () =>
    label.keys === 0
      ? remove.mutate()
      : confirmDelete({
          name: label.name,
          text: t('labels.lost', { count: label.keys }),
          onConfirm: () => remove.mutate(),
        });
  const error = rename.error ?? remove.error;
  const changed = name.trim() !== '' && name.trim() !== label.name;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) rename.mutate();
      }}
    >
      <Group gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          aria-label={t('labels.name', { name: label.name })}
          value={name}
          maxLength={50}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed" miw={64} ta="right">
          {t('labels.keys', { count: label.keys })}
        </Text>
        <ActionIcon
          type="submit"
          variant="subtle"
          disabled={!changed}
          loading={rename.isPending}
          aria-label={t('labels.rename', { name: label.name })}
        >
          <IconCheck size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="red"
          loading={remove.isPending}
          aria-label={t('labels.delete', { name: label.name })}
          onClick={askDelete}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      {error && <ErrorAlert error={error} />}
    </form>
  );
}

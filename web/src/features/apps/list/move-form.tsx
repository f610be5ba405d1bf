import { Button, Group, NavLink, Paper, ScrollArea, Stack, Text } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { StepPath } from '../../../ui/step-path.tsx';
import { type AppItem, appPathQuery, foldersQuery, forgetApps } from '../queries.ts';

interface MoveProps {
  app: Pick<AppItem, '_id' | 'name' | 'parentId'>;
  onClose: () => void;
}

/** Goes through the folders and puts the app into the one that is open. */
export function MoveForm({ app, onClose }: MoveProps) {
  const { t } = useTranslation(['apps', 'common']);
  const client = useQueryClient();
  const [folder, setFolder] = useState<string | null>(app.parentId);
  const { data: path = [] } = useQuery(appPathQuery(folder));
  const { data: folders, error } = useQuery(foldersQuery(folder));
  const move = useMutation({
    mutationFn: () => api.updateApp({ appId: app._id, parentId: folder }),
    onSuccess: async () => {
      notifyDone(t('done.moved', { name: app.name, folder: path.at(-1)?.parentName ?? t('list.title') }));
      onClose();
      await forgetApps(client);
    },
  });
  // A folder cannot go into itself.
  const choices = folders?.filter(({ _id }) => _id !== app._id);
  return (
    <Stack>
      <StepPath
        root={t('list.title')}
        steps={path.map(({ parentId, parentName }) => ({ id: parentId, name: parentName }))}
        onGo={(depth) => setFolder(path[depth - 1]?.parentId ?? null)}
      />
      <Paper withBorder>
        <ScrollArea.Autosize mah={280}>
          {choices?.map(({ _id, name }) => (
            <NavLink
              key={_id}
              component="button"
              type="button"
              label={name}
              leftSection={<IconFolder size={16} aria-hidden />}
              onClick={() => setFolder(_id)}
            />
          ))}
          {choices?.length === 0 && (
            <Text size="sm" c="dimmed" p="md" ta="center">
              {t('move.noFolders')}
            </Text>
          )}
        </ScrollArea.Autosize>
      </Paper>
      {(error ?? move.error) && <ErrorAlert error={error ?? move.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        <Button loading={move.isPending} disabled={folder === app.parentId} onClick={() => move.mutate()}>
          {t('move.here')}
        </Button>
      </Group>
    </Stack>
  );
}

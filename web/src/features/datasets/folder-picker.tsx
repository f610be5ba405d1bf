import { Button, Group, NavLink, Paper, ScrollArea, Skeleton, Stack, Text } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { modals } from '../../ui/modals.ts';
import { StepPath } from '../../ui/step-path.tsx';

export interface Folder {
  id: string;
  name: string;
}

interface FolderPickerProps {
  /** What the top is called. */
  root: string;
  /** Tells apart whose folders are listed. */
  scope: string;
  list: (folder: string | null) => Promise<Folder[]>;
  /** Folders that cannot be chosen: what is moved cannot be moved into itself. */
  without: ReadonlySet<string>;
  onChoose: (folder: string | null) => Promise<unknown>;
  onDone: () => void;
}

/** What a dialog that asks for a folder is told. */
export type AskFolder = Omit<FolderPickerProps, 'onDone'> & { title: string };

function FolderPicker({ root, scope, list, without, onChoose, onDone }: FolderPickerProps) {
  const { t } = useTranslation('datasets');
  const [path, setPath] = useState<Folder[]>([]);
  const here = path.at(-1)?.id ?? null;
  const folders = useQuery({ queryKey: ['datasets', 'folders', scope, here], queryFn: () => list(here) });
  const move = useMutation({ mutationFn: () => onChoose(here), onSuccess: onDone });
  const choices = folders.data?.filter(({ id }) => !without.has(id));
  return (
    <Stack>
      <StepPath root={root} steps={path} onGo={(depth) => setPath(path.slice(0, depth))} />
      <Paper withBorder>
        <ScrollArea.Autosize mah={320}>
          {folders.isPending && <Skeleton h={80} />}
          {choices?.map((folder) => (
            <NavLink
              key={folder.id}
              component="button"
              type="button"
              label={folder.name}
              leftSection={<IconFolder size={18} stroke={1.6} aria-hidden />}
              onClick={() => setPath([...path, folder])}
            />
          ))}
          {choices?.length === 0 && (
            <Text c="dimmed" size="sm" p="md">
              {t('move.noFolders')}
            </Text>
          )}
        </ScrollArea.Autosize>
      </Paper>
      {(folders.error ?? move.error) && <ErrorAlert error={folders.error ?? move.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t('action.cancel', { ns: 'common' })}
        </Button>
        <Button onClick={() => move.mutate()} loading={move.isPending}>
          {t('move.here', { name: path.at(-1)?.name ?? root })}
        </Button>
      </Group>
    </Stack>
  );
}

/** Lets somebody choose a folder, and moves something there. */
export function askFolder(props: AskFolder): void {
  const id = modals.open({
    title: props.title,
    children: <FolderPicker {...props} onDone={() => modals.close(id)} />,
  });
}

import { Button, Checkbox, Group, Paper, ScrollArea, Skeleton, Stack, Text } from '@mantine/core';
import { IconChevronRight, IconFile, IconFolder } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { StepPath } from '../../../ui/step-path.tsx';
import { sentParams } from './chunk-params.ts';
import { Preview } from './preview.tsx';
import type { ImportTarget } from './target.ts';
import { TwoColumns } from './two-columns.tsx';

type ApiFile = Answer<'listApiFiles'>[number];

/** Files of the other system that an API dataset is connected to. */
export function ApiSource({ dataset, parentId, params, settings, onStarted }: ImportTarget) {
  const { t } = useTranslation('datasets');
  const [chosen, setChosen] = useState<ReadonlyMap<string, ApiFile>>(new Map());
  const create = useMutation({
    mutationFn: () =>
      api.createApiCollections({
        datasetId: dataset._id,
        parentId,
        apiFiles: [...chosen.values()].map(({ id, rawId, name, type }) => ({ id, rawId, name, type })),
        ...sentParams(params),
      }),
    onSuccess: ({ collectionIds, skipped }) => {
      notifyDone(t('api.begun', { count: collectionIds.length, skipped }));
      setChosen(new Map());
      onStarted();
    },
  });
  const toggle = (file: ApiFile) => {
    const next = new Map(chosen);
    if (!next.delete(file.id)) next.set(file.id, file);
    setChosen(next);
  };
  const previews = [...chosen.values()]
    .filter(({ type }) => type === 'file')
    .map(({ id, name }) => ({ type: 'apiFile' as const, sourceId: id, name, light: false }));
  return (
    <TwoColumns
      preview={
        <Preview datasetId={dataset._id} sources={previews} params={params} empty={t('preview.emptyApi')} />
      }
    >
      <ApiBrowser datasetId={dataset._id} chosen={chosen} onToggle={toggle} />
      {settings}
      {create.error && <ErrorAlert error={create.error} />}
      <Group>
        <Button
          size="md"
          disabled={chosen.size === 0}
          loading={create.isPending}
          onClick={() => create.mutate()}
        >
          {chosen.size > 0 ? t('api.import', { count: chosen.size }) : t('import.open')}
        </Button>
      </Group>
    </TwoColumns>
  );
}

interface ApiBrowserProps {
  datasetId: string;
  chosen: ReadonlyMap<string, ApiFile>;
  onToggle: (file: ApiFile) => void;
}

function ApiBrowser({ datasetId, chosen, onToggle }: ApiBrowserProps) {
  const { t } = useTranslation('datasets');
  const [path, setPath] = useState<ApiFile[]>([]);
  const here = path.at(-1)?.id;
  const files = useQuery({
    queryKey: ['datasets', 'api-files', datasetId, here ?? ''],
    queryFn: () => api.listApiFiles({ datasetId, ...(here && { parentId: here }) }),
  });
  const existing = useQuery({
    queryKey: ['datasets', 'api-existing', datasetId],
    queryFn: async () => new Set(await api.listExistingApiFiles({ datasetId })),
  });
  return (
    <Stack gap="xs">
      <StepPath root={t('api.top')} steps={path} onGo={(depth) => setPath(path.slice(0, depth))} />
      {files.error && <ErrorAlert error={files.error} onRetry={() => files.refetch()} />}
      {files.isPending && <Skeleton h={140} />}
      {files.data && (
        <Paper withBorder>
          <ScrollArea.Autosize mah={340}>
            {files.data.length === 0 && (
              <Text size="sm" c="dimmed" p="md">
                {t('api.empty')}
              </Text>
            )}
            {files.data.map((file) => {
              const there = existing.data?.has(file.id) ?? false;
              return (
                <Group key={file.id} gap="sm" px="sm" py={6} wrap="nowrap">
                  <Checkbox
                    aria-label={t('select.one', { name: file.name })}
                    checked={there || chosen.has(file.id)}
                    disabled={there}
                    onChange={() => onToggle(file)}
                  />
                  {file.type === 'folder' ? (
                    <IconFolder size={18} stroke={1.6} aria-hidden />
                  ) : (
                    <IconFile size={18} stroke={1.6} aria-hidden />
                  )}
                  <Text size="sm" truncate flex={1} title={file.name}>
                    {file.name}
                  </Text>
                  {there && (
                    <Text size="xs" c="dimmed">
                      {t('api.there')}
                    </Text>
                  )}
                  {file.type === 'folder' && (
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      rightSection={<IconChevronRight size={14} stroke={1.6} aria-hidden />}
                      onClick={() => setPath([...path, file])}
                    >
                      {t('action.open', { ns: 'common' })}
                    </Button>
                  )}
                </Group>
              );
            })}
          </ScrollArea.Autosize>
        </Paper>
      )}
    </Stack>
  );
}

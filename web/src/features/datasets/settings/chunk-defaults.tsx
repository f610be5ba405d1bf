import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { sentParams, storedParams } from '../import/chunk-params.ts';
import { ChunkSettings } from '../import/chunk-settings.tsx';
import type { ChunkParams, Dataset } from '../queries.ts';
import { useSaveDataset } from './use-save-dataset.ts';

/** What new imports begin with. */
export function ChunkDefaults({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation(['datasets', 'common']);
  const [changed, setChanged] = useState<ChunkParams>();
  const save = useSaveDataset(dataset._id);
  const params = changed ?? storedParams(dataset.chunkSettings);
  if (!dataset.permission.hasWritePer) return null;
  return (
    <Stack>
      <Title order={2} size="h4">
        {t('settings.chunks')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('settings.chunksAbout')}
      </Text>
      <ChunkSettings params={params} onChange={setChanged} />
      {save.error && <ErrorAlert error={save.error} />}
      <Group>
        <Button
          loading={save.isPending}
          disabled={!changed}
          onClick={() =>
            save.mutate({ chunkSettings: sentParams(params) }, { onSuccess: () => setChanged(undefined) })
          }
        >
          {t('common:action.save')}
        </Button>
      </Group>
    </Stack>
  );
}

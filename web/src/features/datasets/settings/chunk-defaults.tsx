import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Section } from '../../../ui/section.tsx';
import { useUnsavedGuard } from '../../data/unsaved.ts';
import { sentParams, storedParams } from '../import/chunk-params.ts';
import { ChunkSettings } from '../import/chunk-settings.tsx';
import type { ChunkParams, Dataset } from '../queries.ts';
import { useSaveDataset } from './use-save-dataset.ts';

/** What new imports begin with. */
export function ChunkDefaults({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation(['datasets', 'common']);
  const [changed, setChanged] = useState<ChunkParams>();
  const save = useSaveDataset(dataset._id);
  useUnsavedGuard(changed !== undefined);
  const params = changed ?? storedParams(dataset.chunkSettings);
  if (!dataset.permission.hasWritePer) return null;
  return (
    <Section title={t('settings.chunks')} text={t('settings.chunksAbout')}>
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
    </Section>
  );
}

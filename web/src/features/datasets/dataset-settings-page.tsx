import { Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Loading } from '../../ui/loading.tsx';
import { ExportSection } from '../data/sections/export-section.tsx';
import { KnowledgeSections } from '../data/sections/knowledge-sections.tsx';
import { datasetQuery } from './queries.ts';
import { ChunkDefaults } from './settings/chunk-defaults.tsx';
import { DeleteDataset } from './settings/delete-dataset.tsx';
import { GeneralSettings } from './settings/general-settings.tsx';

const SourceSettings = lazy(async () => ({
  default: (await import('./settings/source-settings.tsx')).SourceSettings,
}));

/** Everything about a dataset that is not its documents. */
export function DatasetSettingsPage() {
  const { datasetId } = useParams({ from: '/shell/datasets/$datasetId' });
  const { data: dataset } = useSuspenseQuery(datasetQuery(datasetId));
  if (!dataset.permission.hasWritePer) return <ExportSection dataset={dataset} />;
  return (
    <Stack gap="md" maw={760}>
      <GeneralSettings key={`general ${datasetId}`} dataset={dataset} />
      {dataset.type !== 'dataset' && (
        <Suspense fallback={<Loading />}>
          <SourceSettings key={`source ${datasetId}`} dataset={dataset} />
        </Suspense>
      )}
      <ChunkDefaults key={`chunks ${datasetId}`} dataset={dataset} />
      <KnowledgeSections dataset={dataset} />
      <DeleteDataset dataset={dataset} />
    </Stack>
  );
}

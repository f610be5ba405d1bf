import { Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ExportSection } from '../data/sections/export-section.tsx';
import { KnowledgeSections } from '../data/sections/knowledge-sections.tsx';
import { datasetQuery } from './queries.ts';
import { ChunkDefaults } from './settings/chunk-defaults.tsx';
import { DeleteDataset } from './settings/delete-dataset.tsx';
import { GeneralSettings } from './settings/general-settings.tsx';
import { SourceSettings } from './settings/source-settings.tsx';

/** Everything about a dataset that is not its documents. */
export function DatasetSettingsPage() {
  const { datasetId } = useParams({ from: '/shell/datasets/$datasetId' });
  const { data: dataset } = useSuspenseQuery(datasetQuery(datasetId));
  if (!dataset.permission.hasWritePer) return <ExportSection dataset={dataset} />;
  return (
    <Stack gap="md" maw={760}>
      <GeneralSettings key={`general ${datasetId}`} dataset={dataset} />
      <SourceSettings key={`source ${datasetId}`} dataset={dataset} />
      <ChunkDefaults key={`chunks ${datasetId}`} dataset={dataset} />
      <KnowledgeSections dataset={dataset} />
      <DeleteDataset dataset={dataset} />
    </Stack>
  );
}

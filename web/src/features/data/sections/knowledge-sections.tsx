import { Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { datasetQuery } from '../../datasets/queries.ts';
import { ArchiveSection } from './archive-section.tsx';
import { CopySection } from './copy-section.tsx';
import { EmbeddingModelSection } from './embedding-model-section.tsx';
import { ExportSection } from './export-section.tsx';

/** What can be done with the knowledge of a dataset as a whole: another embedding model, and every way out. */
export function KnowledgeSections({ datasetId }: { datasetId: string }) {
  const { data: dataset } = useSuspenseQuery(datasetQuery(datasetId));
  return (
    <Stack gap="md">
      <EmbeddingModelSection dataset={dataset} />
      <ExportSection dataset={dataset} />
      {dataset.permission.hasWritePer && <ArchiveSection dataset={dataset} />}
      <CopySection datasetId={datasetId} />
    </Stack>
  );
}

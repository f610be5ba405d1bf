import type { Dataset } from '../../datasets/queries.ts';
import { ArchiveSection } from './archive-section.tsx';
import { CopySection } from './copy-section.tsx';
import { EmbeddingModelSection } from './embedding-model-section.tsx';
import { ExportSection } from './export-section.tsx';

/** What can be done with the knowledge of a dataset as a whole: another embedding model, and every way out. */
export function KnowledgeSections({ dataset }: { dataset: Dataset }) {
  return (
    <>
      <EmbeddingModelSection dataset={dataset} />
      <ExportSection dataset={dataset} />
      {dataset.permission.hasWritePer && <ArchiveSection dataset={dataset} />}
      <CopySection datasetId={dataset._id} />
    </>
  );
}

import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { fileEndpoints } from '@lectern/contract/files.ts';
import { chunkText } from '../../jobs/import/chunks.ts';
import type { SourceDeps } from '../../jobs/import/deps.ts';
import { readableMarkdown } from '../../kernel/pictures.ts';
import { planImport } from '../collections/plan-import.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { previewDocument } from './preview-document.ts';

type Endpoint = typeof fileEndpoints.getPreviewChunks;

const shown = 10;

/** The first pieces that an import with the same parameters would make, by the same code; nothing is stored. */
export async function previewChunks(
  app: Pick<App, 'store' | 'models' | 'outbound' | 'tempDir'> & SourceDeps,
  caller: Caller,
  input: InputOf<Endpoint>,
  signal: AbortSignal,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  const { settings } = await planImport(app, caller, dataset, input);
  const { name, document } = await previewDocument(app, caller, input, signal);
  const chunks = await chunkText(app.parser, document.markdown, settings, name, { signal });
  return {
    chunks: chunks.slice(0, shown).map(({ text, tokens, headings, position }) => ({
      q: readableMarkdown(text),
      a: '',
      tokens,
      headings,
      ...(position && { position }),
    })),
    total: chunks.length,
  };
}

import type { embeddingRebuildEndpoints } from '@lectern/contract/embedding-rebuild.ts';
import { actOnRebuild } from '../domain/embedding-rebuild/act-on-rebuild.ts';
import { getRebuild } from '../domain/embedding-rebuild/get-rebuild.ts';
import { startRebuild } from '../domain/embedding-rebuild/start-rebuild.ts';
import type { Handlers } from './handler.ts';

export const embeddingRebuildHandlers: Handlers<typeof embeddingRebuildEndpoints> = {
  rebuildEmbedding: (input, { app, caller, lang }) => startRebuild(app, caller, input, lang),
  getEmbeddingRebuild: ({ datasetId }, { app, caller, lang }) => getRebuild(app, caller, datasetId, lang),
  updateEmbeddingRebuild: (input, { app, caller, lang }) => actOnRebuild(app, caller, input, lang),
};

import { accountEndpoints } from './account.ts';
import { apiDatasetEndpoints } from './api-datasets.ts';
import { appFolderEndpoints } from './app-folders.ts';
import { appEndpoints } from './apps.ts';
import { archiveEndpoints } from './archive.ts';
import { avatarEndpoints } from './avatars.ts';
import { backupEndpoints } from './backups.ts';
import { chatRecordEndpoints } from './chat-records.ts';
import { chatEndpoints } from './chats.ts';
import { citationEndpoints } from './citations.ts';
import { collectionFileEndpoints } from './collection-files.ts';
import { sourceEndpoints } from './collection-sources.ts';
import { collectionEndpoints } from './collections.ts';
import { collectionsManyEndpoints } from './collections-many.ts';
import { completionEndpoints } from './completions.ts';
import { csvEndpoints } from './csv.ts';
import { dataEndpoints } from './data.ts';
import { dataIndexEndpoints } from './data-indexes.ts';
import { datasetEndpoints } from './datasets.ts';
import { deletedEndpoints } from './deleted.ts';
import { embeddingRebuildEndpoints } from './embedding-rebuild.ts';
import type { AnyEndpoint } from './endpoint.ts';
import { evaluationComparisonEndpoints } from './evaluation-comparison.ts';
import { evaluationEndpoints } from './evaluations.ts';
import { fileEndpoints } from './files.ts';
import { imageEndpoints } from './images.ts';
import { itemEndpoints } from './items.ts';
import { jobEndpoints } from './jobs.ts';
import { keyLabelEndpoints } from './key-labels.ts';
import { keyEndpoints } from './keys.ts';
import { limitEndpoints } from './limits.ts';
import { logEndpoints } from './logs.ts';
import { memberEndpoints } from './members.ts';
import { channelEndpoints } from './model-channels.ts';
import { modelRegistryEndpoints } from './model-registry.ts';
import { modelEndpoints } from './models-api.ts';
import { promptEndpoints } from './prompts.ts';
import { runEndpoints } from './runs.ts';
import { savedQuestionEndpoints } from './saved-questions.ts';
import { searchEndpoints } from './search.ts';
import { systemEndpoints } from './system.ts';
import { tagEndpoints } from './tags.ts';
import { teamEndpoints } from './team.ts';
import { trainingEndpoints } from './training.ts';
import { uploadEndpoints } from './uploads.ts';
import { webhookEndpoints } from './webhooks.ts';

/** The whole product: every endpoint by its operation id. */
export const contract = {
  ...completionEndpoints,
  ...runEndpoints,
  ...modelEndpoints,
  ...chatEndpoints,
  ...chatRecordEndpoints,
  ...datasetEndpoints,
  ...collectionEndpoints,
  ...collectionsManyEndpoints,
  ...tagEndpoints,
  ...archiveEndpoints,
  ...collectionFileEndpoints,
  ...sourceEndpoints,
  ...itemEndpoints,
  ...apiDatasetEndpoints,
  ...dataEndpoints,
  ...dataIndexEndpoints,
  ...fileEndpoints,
  ...imageEndpoints,
  ...uploadEndpoints,
  ...csvEndpoints,
  ...citationEndpoints,
  ...limitEndpoints,
  ...searchEndpoints,
  ...embeddingRebuildEndpoints,
  ...savedQuestionEndpoints,
  ...evaluationEndpoints,
  ...evaluationComparisonEndpoints,
  ...trainingEndpoints,
  ...jobEndpoints,
  ...webhookEndpoints,
  ...appEndpoints,
  ...appFolderEndpoints,
  ...deletedEndpoints,
  ...promptEndpoints,
  ...logEndpoints,
  ...keyEndpoints,
  ...keyLabelEndpoints,
  ...modelRegistryEndpoints,
  ...channelEndpoints,
  ...accountEndpoints,
  ...memberEndpoints,
  ...teamEndpoints,
  ...avatarEndpoints,
  ...backupEndpoints,
  ...systemEndpoints,
} satisfies Record<string, AnyEndpoint>;

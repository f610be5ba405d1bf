import type { contract } from '@lectern/contract/contract.ts';
import { accountHandlers } from './account.ts';
import { apiDatasetHandlers } from './api-datasets.ts';
import { appFolderHandlers } from './app-folders.ts';
import { appHandlers } from './apps.ts';
import { archiveHandlers } from './archive.ts';
import { avatarHandlers } from './avatars.ts';
import { backupHandlers } from './backups.ts';
import { chatRecordHandlers } from './chat-records.ts';
import { chatHandlers } from './chats.ts';
import { citationHandlers } from './citations.ts';
import { sourceHandlers } from './collection-sources.ts';
import { collectionHandlers, collectionsManyHandlers } from './collections.ts';
import { completionHandlers } from './completions.ts';
import { csvHandlers } from './csv.ts';
import { dataHandlers } from './data.ts';
import { dataIndexHandlers } from './data-indexes.ts';
import { datasetHandlers } from './datasets.ts';
import { deletedHandlers } from './deleted.ts';
import { embeddingRebuildHandlers } from './embedding-rebuild.ts';
import { evaluationComparisonHandlers, evaluationHandlers } from './evaluations.ts';
import { collectionFileHandlers, fileHandlers } from './files.ts';
import type { Handlers } from './handler.ts';
import { imageHandlers } from './images.ts';
import { itemHandlers } from './items.ts';
import { jobHandlers } from './jobs.ts';
import { keyLabelHandlers } from './key-labels.ts';
import { keyHandlers } from './keys.ts';
import { limitHandlers } from './limits.ts';
import { logHandlers } from './logs.ts';
import { channelHandlers, modelRegistryHandlers } from './model-registry.ts';
import { modelHandlers } from './models.ts';
import { promptHandlers } from './prompts.ts';
import { runHandlers } from './runs.ts';
import { savedQuestionHandlers } from './saved-questions.ts';
import { searchHandlers } from './search.ts';
import { systemHandlers } from './system.ts';
import { tagHandlers } from './tags.ts';
import { memberHandlers, teamHandlers } from './team.ts';
import { trainingHandlers } from './training.ts';
import { uploadHandlers } from './upload-addresses.ts';
import { webhookHandlers } from './webhooks.ts';

/** The code behind the whole contract. A contract entry without a handler does not compile here. */
export const handlers: Handlers<typeof contract> = {
  ...completionHandlers,
  ...runHandlers,
  ...modelHandlers,
  ...chatHandlers,
  ...chatRecordHandlers,
  ...datasetHandlers,
  ...collectionHandlers,
  ...collectionsManyHandlers,
  ...tagHandlers,
  ...archiveHandlers,
  ...collectionFileHandlers,
  ...sourceHandlers,
  ...itemHandlers,
  ...apiDatasetHandlers,
  ...dataHandlers,
  ...dataIndexHandlers,
  ...fileHandlers,
  ...imageHandlers,
  ...uploadHandlers,
  ...csvHandlers,
  ...citationHandlers,
  ...limitHandlers,
  ...searchHandlers,
  ...embeddingRebuildHandlers,
  ...savedQuestionHandlers,
  ...evaluationHandlers,
  ...evaluationComparisonHandlers,
  ...trainingHandlers,
  ...jobHandlers,
  ...webhookHandlers,
  ...appHandlers,
  ...appFolderHandlers,
  ...deletedHandlers,
  ...promptHandlers,
  ...logHandlers,
  ...keyHandlers,
  ...keyLabelHandlers,
  ...modelRegistryHandlers,
  ...channelHandlers,
  ...accountHandlers,
  ...memberHandlers,
  ...teamHandlers,
  ...avatarHandlers,
  ...backupHandlers,
  ...systemHandlers,
};

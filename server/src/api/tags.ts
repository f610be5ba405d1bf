import type { tagEndpoints } from '@lectern/contract/tags.ts';
import { addTagToCollections } from '../domain/tags/add-to-collections.ts';
import { createTag } from '../domain/tags/create-tag.ts';
import { deleteTag } from '../domain/tags/delete-tag.ts';
import { getAllTags, listTags } from '../domain/tags/list-tags.ts';
import { tagUsage } from '../domain/tags/tag-usage.ts';
import { updateTag } from '../domain/tags/update-tag.ts';
import type { Handlers } from './handler.ts';

export const tagHandlers: Handlers<typeof tagEndpoints> = {
  createTag: (input, { app, caller }) => createTag(app, caller, input),
  listTags: (input, { app, caller }) => listTags(app, caller, input),
  getAllTags: ({ datasetId }, { app, caller }) => getAllTags(app, caller, datasetId),
  tagUsage: ({ datasetId }, { app, caller }) => tagUsage(app, caller, datasetId),
  async addTagToCollections(input, { app, caller }) {
    await addTagToCollections(app, caller, input);
    return null;
  },
  async updateTag(input, { app, caller }) {
    await updateTag(app, caller, input);
    return null;
  },
  async deleteTag(input, { app, caller }) {
    await deleteTag(app, caller, input);
    return null;
  },
};

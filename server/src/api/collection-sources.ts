import type { sourceEndpoints } from '@lectern/contract/collection-sources.ts';
import { createExternalFileCollection } from '../domain/collections/create-external-file.ts';
import { createLinkCollection } from '../domain/collections/create-link.ts';
import type { Handlers } from './handler.ts';

export const sourceHandlers: Handlers<typeof sourceEndpoints> = {
  createLinkCollection: (input, { app, caller }) => createLinkCollection(app, caller, input),
  createExternalFileCollection: (input, { app, caller }) => createExternalFileCollection(app, caller, input),
};

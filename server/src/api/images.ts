import type { imageEndpoints } from '@lectern/contract/images.ts';
import { createImageCollection, insertImages } from '../domain/collections/create-images.ts';
import type { Handlers } from './handler.ts';

export const imageHandlers: Handlers<typeof imageEndpoints> = {
  createImageCollection: (input, { app, caller, files }) => createImageCollection(app, caller, input, files),
  insertImages: ({ collectionId }, { app, caller, files }) => insertImages(app, caller, collectionId, files),
};

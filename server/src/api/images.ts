import type { imageEndpoints } from '@lectern/contract/images.ts';
import { createImageCollection, insertImages } from '../domain/collections/create-images.ts';
import { givenSeveral } from './files.ts';
import type { Handlers } from './handler.ts';

export const imageHandlers: Handlers<typeof imageEndpoints> = {
  createImageCollection: (input, { app, caller, files }) =>
    createImageCollection(app, caller, input, givenSeveral(input, files)),
  insertImages: (input, { app, caller, files }) =>
    insertImages(app, caller, input.collectionId, givenSeveral(input, files)),
};

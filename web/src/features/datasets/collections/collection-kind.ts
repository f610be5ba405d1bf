import {
  IconFileText,
  IconFolder,
  IconLink,
  IconPencil,
  IconPhoto,
  IconPlugConnected,
} from '@tabler/icons-react';

const kinds = {
  folder: { icon: IconFolder, text: 'collectionKind.folder' },
  virtual: { icon: IconPencil, text: 'collectionKind.virtual' },
  file: { icon: IconFileText, text: 'collectionKind.file' },
  link: { icon: IconLink, text: 'collectionKind.link' },
  externalFile: { icon: IconFileText, text: 'collectionKind.externalFile' },
  apiFile: { icon: IconPlugConnected, text: 'collectionKind.apiFile' },
  images: { icon: IconPhoto, text: 'collectionKind.images' },
} as const;

/** How a kind of collection is shown. */
export const collectionKindOf = (type: keyof typeof kinds) => kinds[type];

/** Whether a collection can be fetched again from where it came. */
export const canSync = (type: keyof typeof kinds): boolean =>
  type === 'link' || type === 'apiFile' || type === 'externalFile';

/** Whether there is a document that can be cut again. */
export const canReTrain = ({ type, fileId }: { type: keyof typeof kinds; fileId?: string }): boolean =>
  type !== 'folder' && type !== 'images' && fileId !== undefined;

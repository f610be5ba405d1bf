import { IconDatabase, IconFolder, IconPlugConnected, IconWorld } from '@tabler/icons-react';

const kinds = {
  folder: { icon: IconFolder, text: 'kind.folder' },
  websiteDataset: { icon: IconWorld, text: 'kind.website' },
  apiDataset: { icon: IconPlugConnected, text: 'kind.api' },
  dataset: { icon: IconDatabase, text: 'kind.dataset' },
} as const;

/** How a kind of dataset is shown. */
export const kindOf = (type: string): (typeof kinds)[keyof typeof kinds] =>
  kinds[type as keyof typeof kinds] ?? kinds.dataset;

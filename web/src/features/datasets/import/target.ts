import type { ReactNode } from 'react';
import type { ChunkParams, Dataset } from '../queries.ts';

/** Where an import goes and how it is done: what every source is given. */
export interface ImportTarget {
  dataset: Dataset;
  /** Folder of the dataset; null is its top. */
  parentId: string | null;
  params: ChunkParams;
  /** The fields that choose `params`. */
  settings: ReactNode;
  /** Links that were dropped on another source, one a line. */
  dropped: string;
  onLinks: (links: string) => void;
  /** Called when something has been handed to the server. */
  onStarted: () => void;
}

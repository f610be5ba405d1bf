/** A dataset or an app that was deleted and can be restored, with all that went with it. */
export interface DeletionRow {
  /** That of the dataset, app or folder that somebody deleted. */
  id: string;
  teamId: string;
  objectType: 'dataset' | 'app';
  /** Who deleted it. */
  memberId: string;
  /** By the clock of the jobs, as `endTime`. */
  time: number;
  /** From then on it is cleared away. */
  endTime: number;
}

/** What is marked when it is deleted, and cleared away later. */
export interface DeletableRow {
  /** Set = gone for every reader (and forbidden for every search); the row waits for the clean-up. */
  deletedTime: number | null;
  /** The deletion that can give it back; null = there is none, and the clean-up takes what is marked. */
  deletionId: string | null;
}

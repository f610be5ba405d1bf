/* The tables of files, as schema.ts has those of the rest. */

/** A file of a user, or a picture of one. */
export interface FileRow {
  id: string;
  teamId: string;
  memberId: string;
  name: string;
  contentType: string;
  size: number;
  /** SHA-256 hex. */
  hash: string;
  /** Generated; never made of the user's name for the file. */
  blobKey: string;
  createTime: number;
  /** Gone after this time unless a collection takes it; null = a collection has it. */
  expireTime: number | null;
  /** A picture of this collection, which goes with it. */
  collectionId: string | null;
  /** Sent in a chat with this app: no document of a dataset. */
  appId: string | null;
}

/** A file on its way in; with its last byte it becomes a row of `files` with the same id. */
export interface UploadRow {
  id: string;
  teamId: string;
  memberId: string;
  name: string;
  contentType: string;
  /** Of the whole file; null = not known yet. */
  size: number | null;
  /** Bytes that are on disk for good. */
  received: number;
  /** The request that may write to it. */
  writer: string | null;
  createTime: number;
  expireTime: number;
}

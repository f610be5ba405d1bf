import { LecternError } from '@lectern/contract/client.ts';
import type { ChunkParams } from '../queries.ts';

/** What is to become of a file once it has arrived. */
export interface ImportOrder {
  /** Folder of the dataset that it goes into, with the folders it was dropped in below. */
  parentId: string | null;
  params: ChunkParams & { tags?: string[] };
}

export type UploadState =
  /** Waits for its turn. */
  | 'waiting'
  | 'uploading'
  /** Has arrived, and nobody has asked to import it yet. */
  | 'uploaded'
  | 'paused'
  /** The way to the server broke: goes on when it is back, or when somebody asks. */
  | 'broken'
  /** The server will not have it, and says why. */
  | 'refused'
  | 'importing'
  | 'imported';

export interface Upload {
  id: string;
  datasetId: string;
  name: string;
  /** The folders it was dropped in, outermost first. */
  folders: readonly string[];
  size: number;
  state: UploadState;
  /** Bytes that have arrived for good. */
  sent: number;
  fileId?: string;
  collectionId?: string;
  error?: unknown;
  order?: ImportOrder;
}

/** A file with the folders it lies in. */
export interface ChosenFile {
  file: File;
  folders: readonly string[];
}

/** How far the server is with a file. */
interface Arrived {
  fileId: string;
  offset: number;
  complete: boolean;
}

/** What uploads need of the server and the browser. */
export interface UploadPort {
  /** The upload of the same file that this tab began before, if it did. */
  remembered(upload: Upload, file: File): string | undefined;
  /** Keeps where the file is sent to, for a page that is loaded again. */
  remember(upload: Upload, file: File, token: string): void;
  /** It is imported: the same file chosen again is a new one. */
  forget(upload: Upload, file: File): void;
  /** Asks for a place to send the file to; refused with the reason where the server cannot read or hold it. */
  begin(upload: Upload, file: File, signal: AbortSignal): Promise<string>;
  /** How much of it has arrived; nothing when the server no longer knows of it. */
  offset(token: string, signal: AbortSignal): Promise<Arrived | undefined>;
  sendPiece(token: string, piece: Blob, range: string, signal: AbortSignal): Promise<Arrived>;
  /** Imports the file; answers the id of its collection. */
  createCollection(upload: Upload, order: ImportOrder, fileId: string): Promise<string>;
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

const pieceSize = 2 * 1024 * 1024;

/** The next piece of a file of `size` bytes, of which `offset` have arrived. */
export function pieceRange(offset: number, size: number) {
  const end = Math.min(size, offset + pieceSize);
  return { start: offset, end, header: `bytes ${offset}-${end - 1}/${size}` };
}

const atOnce = 3;
const mostTries = 5;
const unsafe: readonly UploadState[] = ['waiting', 'uploading', 'uploaded', 'paused', 'broken', 'importing'];

/** Whether a file would be lost with the page. */
export const isUnsafe = ({ state }: Pick<Upload, 'state'>): boolean => unsafe.includes(state);

/**
 * Files on their way to the server, a few at a time and in pieces, whatever screen is open. What breaks off goes on
 * where it stopped; one that fails stops none of the others.
 */
export class UploadStore {
  #uploads: readonly Upload[] = [];
  readonly #files = new Map<string, { file: File; token?: string; controller?: AbortController }>();
  readonly #listeners = new Set<() => void>();
  readonly #port: UploadPort;
  #lastId = 0;

  constructor(port: UploadPort) {
    this.#port = port;
  }

  readonly all = (): readonly Upload[] => this.#uploads;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins to upload files; they are imported when {@link order} says how. */
  add(datasetId: string, chosen: readonly ChosenFile[]): void {
    const added = chosen.map(({ file, folders }): Upload => {
      const id = `upload-${++this.#lastId}`;
      this.#files.set(id, { file });
      return { id, datasetId, name: file.name, folders, size: file.size, state: 'waiting', sent: 0 };
    });
    this.#set([...this.#uploads, ...added]);
    this.#pump();
  }

  /** Says what becomes of files: those that have arrived are imported now, the others when they have. */
  order(ids: readonly string[], order: ImportOrder): void {
    const named = new Set(ids);
    this.#set(this.#uploads.map((each) => (named.has(each.id) ? { ...each, order } : each)));
    this.#pump();
  }

  pause(id: string): void {
    this.#patch(id, { state: 'paused' });
    this.#files.get(id)?.controller?.abort();
  }

  /** Goes on with what was paused, broke off or was refused. */
  resume(id: string): void {
    const upload = this.#find(id);
    if (!upload) return;
    const { error: _, ...kept } = upload;
    this.#replace({ ...kept, state: upload.fileId ? 'uploaded' : 'waiting' });
    this.#pump();
  }

  /** Everything that broke off goes on: the way to the server is back. */
  readonly resumeBroken = (): void => {
    for (const { id, state } of this.#uploads) if (state === 'broken') this.resume(id);
  };

  remove(id: string): void {
    this.#files.get(id)?.controller?.abort();
    this.#files.delete(id);
    this.#set(this.#uploads.filter((each) => each.id !== id));
    this.#pump();
  }

  #find = (id: string) => this.#uploads.find((each) => each.id === id);

  #set(uploads: readonly Upload[]): void {
    this.#uploads = uploads;
    for (const listener of this.#listeners) listener();
  }

  #replace(upload: Upload): void {
    this.#set(this.#uploads.map((each) => (each.id === upload.id ? upload : each)));
  }

  #patch(id: string, change: Partial<Upload>): void {
    this.#set(this.#uploads.map((each) => (each.id === id ? { ...each, ...change } : each)));
  }

  #pump(): void {
    const busy = this.#uploads.filter(({ state }) => state === 'uploading' || state === 'importing').length;
    const next = this.#uploads.filter(
      ({ state, order }) => state === 'waiting' || (state === 'uploaded' && order !== undefined),
    );
    for (const upload of next.slice(0, Math.max(0, atOnce - busy))) void this.#work(upload.id);
  }

  async #work(id: string): Promise<void> {
    const upload = this.#find(id);
    const entry = this.#files.get(id);
    if (!upload || !entry) return;
    const controller = new AbortController();
    entry.controller = controller;
    try {
      if (upload.fileId === undefined) {
        this.#patch(id, { state: 'uploading' });
        const fileId = await this.#send(upload, controller.signal);
        this.#patch(id, { state: 'uploaded', fileId, sent: upload.size });
      }
      // Whether it is wanted may have been said meanwhile.
      const arrived = this.#find(id);
      if (arrived?.order && arrived.fileId) {
        this.#patch(id, { state: 'importing' });
        const collectionId = await this.#port.createCollection(arrived, arrived.order, arrived.fileId);
        this.#port.forget(arrived, entry.file);
        this.#files.delete(id);
        this.#patch(id, { state: 'imported', collectionId });
      }
    } catch (error) {
      if (!controller.signal.aborted) this.#patch(id, { state: stateAfter(error), error });
    }
    this.#pump();
  }

  /** A remembered upload, unless the same file was chosen twice and the other one goes on with it. */
  #free(token: string | undefined): string | undefined {
    return [...this.#files.values()].some((each) => each.token === token) ? undefined : token;
  }

  async #send(upload: Upload, signal: AbortSignal): Promise<string> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#sendPieces(upload, signal, () => {
          tries = 0;
        });
      } catch (error) {
        if (signal.aborted || stateAfter(error) === 'refused' || tries >= mostTries) throw error;
        await this.#port.pause(500 * 2 ** tries, signal);
      }
    }
  }

  async #sendPieces(upload: Upload, signal: AbortSignal, onPiece: () => void): Promise<string> {
    const entry = this.#files.get(upload.id);
    if (!entry) throw new Error('The file is gone.');
    const { file } = entry;
    entry.token ??= this.#free(this.#port.remembered(upload, file));
    let at = entry.token ? await this.#port.offset(entry.token, signal) : undefined;
    if (!at) {
      entry.token = await this.#port.begin(upload, file, signal);
      this.#port.remember(upload, file, entry.token);
      at = { offset: 0, fileId: '', complete: false };
    }
    while (!at.complete) {
      const range = pieceRange(at.offset, file.size);
      const piece = file.slice(range.start, range.end);
      at = await this.#port.sendPiece(entry.token ?? '', piece, range.header, signal);
      this.#patch(upload.id, { sent: at.offset });
      onPiece();
    }
    return at.fileId;
  }
}

/** What the server refuses stays refused; anything else was the way, or will pass. */
function stateAfter(error: unknown): 'refused' | 'broken' {
  const refused =
    error instanceof LecternError &&
    error.status >= 400 &&
    error.status < 500 &&
    ![408, 409, 429].includes(error.status);
  return refused ? 'refused' : 'broken';
}

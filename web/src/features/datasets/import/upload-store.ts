import { LecternError } from '@lectern/contract/client.ts';
import type { ChunkParams } from '../queries.ts';
import { firstPiece, nextPiece, pieceRange, SpeedMeter } from './pieces.ts';

/** What a file is brought as. */
export type UploadKind = 'document' | 'table' | 'picture' | 'archive';

/** What is to become of a file once it has arrived. */
export interface ImportOrder {
  /** Folder that it goes into, with the folders it was dropped in below. */
  parentId: string | null;
  /** How documents are cut. */
  params?: ChunkParams & { tags?: string[] };
  /** Of what is made, where it is not called as the file. */
  name?: string;
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
  kind: UploadKind;
  /** The dataset that it is for; '' = an archive, which becomes one. */
  datasetId: string;
  name: string;
  /** The folders it was dropped in, outermost first. */
  folders: readonly string[];
  size: number;
  state: UploadState;
  /** Bytes that have arrived for good. */
  sent: number;
  fileId?: string;
  /** The collection or dataset that was made of it. */
  madeId?: string;
  error?: unknown;
  order?: ImportOrder;
  /** Files of one order that are imported together, when all of them have arrived. */
  batch?: string;
}

/** An upload that has arrived. */
export type ArrivedUpload = Upload & { fileId: string };

/** What is imported together: one upload or more. */
export type ArrivedUploads = readonly [ArrivedUpload, ...ArrivedUpload[]];

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
  /** Imports what has arrived, one file or those of a batch; answers the id of the collection or dataset. */
  bring(uploads: ArrivedUploads, order: ImportOrder): Promise<string>;
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** The file of an upload, and where it is sent to. */
interface Entry {
  file: File;
  token?: string;
  controller?: AbortController;
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
  readonly #files = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  readonly #port: UploadPort;
  readonly #meter = new SpeedMeter();
  #lastId = 0;

  constructor(port: UploadPort) {
    this.#port = port;
  }

  readonly all = (): readonly Upload[] => this.#uploads;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Bytes a second that arrive, all files together; undefined until it can be said. */
  get speed(): number | undefined {
    return this.#meter.perSecond;
  }

  /** The file of an upload, until it is imported. */
  file(id: string): File | undefined {
    return this.#files.get(id)?.file;
  }

  /** Begins to upload files; they are imported when {@link order} says how. */
  add(datasetId: string, chosen: readonly ChosenFile[], kind: UploadKind = 'document'): void {
    const added = chosen.map(({ file, folders }): Upload => {
      const id = `upload-${++this.#lastId}`;
      this.#files.set(id, { file });
      return { id, kind, datasetId, name: file.name, folders, size: file.size, state: 'waiting', sent: 0 };
    });
    this.#set([...this.#uploads, ...added]);
    this.#pump();
  }

  /**
   * Says what becomes of files: those that have arrived are imported now, the others when they have. `together`: they
   * become one collection, when the last has arrived.
   */
  order(ids: readonly string[], order: ImportOrder, { together = false } = {}): void {
    const named = new Set(ids);
    const batch = together ? { batch: ids.join(' ') } : {};
    this.#set(this.#uploads.map((each) => (named.has(each.id) ? { ...each, order, ...batch } : each)));
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

  /** Drops everything and remembers nothing of it: whoever brought it has left. */
  readonly clear = (): void => {
    for (const upload of this.#uploads) {
      const entry = this.#files.get(upload.id);
      entry?.controller?.abort();
      if (entry) this.#port.forget(upload, entry.file);
    }
    this.#files.clear();
    this.#set([]);
  };

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
    for (let busy = this.#busy(); busy < atOnce; busy++) {
      const next = this.#uploads.find((each) => each.state === 'waiting' || this.#isReady(each));
      if (!next) return;
      if (next.state === 'waiting') void this.#upload(next.id);
      else void this.#bring(next);
    }
  }

  #busy = () => this.#uploads.filter(({ state }) => state === 'uploading' || state === 'importing').length;

  /** The others that are imported with it, itself among them. */
  #together = ({ id, batch }: Upload) =>
    this.#uploads.filter((each) => each.id === id || (batch !== undefined && each.batch === batch));

  #isReady = (upload: Upload): boolean =>
    upload.order !== undefined && this.#together(upload).every(({ state }) => state === 'uploaded');

  async #upload(id: string): Promise<void> {
    const upload = this.#find(id);
    const entry = this.#files.get(id);
    if (!upload || !entry) return;
    const controller = new AbortController();
    entry.controller = controller;
    this.#patch(id, { state: 'uploading' });
    this.#meter.begin(Date.now());
    try {
      const fileId = await this.#send(upload, entry, controller.signal);
      this.#patch(id, { state: 'uploaded', fileId, sent: upload.size });
    } catch (error) {
      if (!controller.signal.aborted) this.#patch(id, { state: stateAfter(error), error });
    }
    this.#pump();
  }

  async #bring(upload: Upload): Promise<void> {
    const { order } = upload;
    const [first, ...others] = this.#together(upload).flatMap((each) =>
      each.fileId === undefined ? [] : [{ ...each, fileId: each.fileId }],
    );
    if (!order || !first) return;
    const arrived: ArrivedUploads = [first, ...others];
    for (const { id } of arrived) this.#patch(id, { state: 'importing' });
    try {
      const madeId = await this.#port.bring(arrived, order);
      for (const each of arrived) {
        const entry = this.#files.get(each.id);
        if (entry) this.#port.forget(each, entry.file);
        this.#files.delete(each.id);
        this.#patch(each.id, { state: 'imported', madeId });
      }
    } catch (error) {
      for (const { id } of arrived) this.#patch(id, { state: stateAfter(error), error });
    }
    this.#pump();
  }

  /** A remembered upload, unless the same file was chosen twice and the other one goes on with it. */
  #free(token: string | undefined): string | undefined {
    return [...this.#files.values()].some((each) => each.token === token) ? undefined : token;
  }

  async #send(upload: Upload, entry: Entry, signal: AbortSignal): Promise<string> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#sendPieces(upload, entry, signal, () => {
          tries = 0;
        });
      } catch (error) {
        if (signal.aborted || stateAfter(error) === 'refused' || tries >= mostTries) throw error;
        await this.#port.pause(500 * 2 ** tries, signal);
      }
    }
  }

  async #sendPieces(upload: Upload, entry: Entry, signal: AbortSignal, onPiece: () => void): Promise<string> {
    const { file } = entry;
    entry.token ??= this.#free(this.#port.remembered(upload, file));
    let at = entry.token ? await this.#port.offset(entry.token, signal) : undefined;
    if (!at) {
      entry.token = await this.#port.begin(upload, file, signal);
      signal.throwIfAborted();
      this.#port.remember(upload, file, entry.token);
      at = { offset: 0, fileId: '', complete: false };
    }
    this.#patch(upload.id, { sent: at.offset });
    for (let length = firstPiece; !at.complete; ) {
      const { start, end, header } = pieceRange(at.offset, file.size, length);
      const began = Date.now();
      at = await this.#port.sendPiece(entry.token ?? '', file.slice(start, end), header, signal);
      const now = Date.now();
      length = nextPiece(length, now - began);
      this.#meter.add(end - start, now);
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

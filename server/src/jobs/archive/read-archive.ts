import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Entry, type Options, open, type ZipFile } from 'yauzl';
import type { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { archiveVersion, broken, entries, type Manifest, manifestShape } from './format.ts';

/** Texts pack to a tenth, vectors hardly at all: more than this is made to fill the disk. */
const maxRatio = 100;
const smallBytes = 50e6;
const maxEntries = 2_000_000;
const manifestBytes = 1e6;
/** Of one line: a data item with its indexes. */
const lineBytes = 50e6;

/** An archive that is being read. Everything that is wrong with it is thrown as archiveBroken. */
export interface ArchiveReader {
  manifest: Manifest;
  /** The objects of a list; nothing where the archive has no such entry. */
  lines<T extends z.ZodType>(name: string, shape: T): AsyncGenerator<z.output<T>>;
  /** Writes an entry to a file; answers its size and SHA-256 hex. */
  extract(name: string, toPath: string, signal: AbortSignal): Promise<{ size: number; hash: string }>;
  close(): void;
}

const openZip = promisify(
  open as (path: string, options: Options, done: (e: Error | null, z: ZipFile) => void) => void,
);

/**
 * Opens an archive. Nothing in it is taken for a path: entries are looked up by the names that this version knows, and
 * the sizes of all are looked at before anything is unpacked.
 */
export async function openArchive(path: string): Promise<ArchiveReader> {
  const zip = await asBroken(() => openZip(path, { lazyEntries: true, autoClose: false }));
  try {
    const found = await asBroken(() => readEntries(zip));
    await checkSizes(path, found);
    const reader = new Reader(zip, found);
    return Object.assign(reader, { manifest: await reader.readManifest() });
  } catch (error) {
    zip.close();
    throw error;
  }
}

class Reader {
  readonly #zip: ZipFile;
  readonly #entries: Map<string, Entry>;

  constructor(zip: ZipFile, found: Map<string, Entry>) {
    this.#zip = zip;
    this.#entries = found;
  }

  async readManifest(): Promise<Manifest> {
    const entry = this.#entries.get(entries.manifest);
    if (!entry) throw broken('it has no manifest.json', '缺少 manifest.json');
    if (entry.uncompressedSize > manifestBytes) throw broken('its manifest is too large', 'manifest 过大');
    let text = '';
    for await (const part of await this.#stream(entry)) text += String(part);
    const read = manifestShape.safeParse(parsed(text, entries.manifest));
    if (!read.success) throw unreadable(entries.manifest, read.error);
    const { version } = read.data;
    if (version <= archiveVersion) return read.data;
    throw broken(
      `it has version ${version} of the format, and this server reads up to ${archiveVersion}`,
      `归档格式版本为 ${version}，此服务器支持到 ${archiveVersion}`,
    );
  }

  async *lines<T extends z.ZodType>(name: string, shape: T): AsyncGenerator<z.output<T>> {
    const entry = this.#entries.get(name);
    if (!entry) return;
    const decoder = new TextDecoder();
    let rest = '';
    const take = (line: string): z.output<T> => {
      const read = shape.safeParse(parsed(line, name));
      if (!read.success) throw unreadable(name, read.error);
      return read.data;
    };
    const stream = await this.#stream(entry);
    try {
      for await (const part of stream) {
        const lines = (rest + decoder.decode(part as Buffer, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > lineBytes) throw broken(`a line of ${name} is too long`, `${name} 中有过长的行`);
        for (const line of lines) if (line !== '') yield take(line);
      }
    } catch (error) {
      throw error instanceof AppError || isOurs(error) ? error : damaged(error);
    } finally {
      stream.destroy();
    }
    if (rest !== '') yield take(rest);
  }

  async extract(name: string, toPath: string, signal: AbortSignal): Promise<{ size: number; hash: string }> {
    const entry = this.#entries.get(name);
    if (!entry) throw broken(`it lacks ${name}`, `缺少 ${name}`);
    const hash = createHash('sha256');
    let size = 0;
    const stream = await this.#stream(entry);
    stream.on('data', (part: Buffer) => {
      hash.update(part);
      size += part.length;
    });
    stream.pause();
    try {
      await pipeline(stream, createWriteStream(toPath), { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw isOurs(error) ? error : damaged(error);
    }
    return { size, hash: hash.digest('hex') };
  }

  close(): void {
    this.#zip.close();
  }

  #stream(entry: Entry): Promise<Readable> {
    return asBroken(
      () =>
        new Promise<Readable>((resolve, reject) => {
          this.#zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
        }),
    );
  }
}

function readEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const found = new Map<string, Entry>();
    zip.on('error', reject);
    zip.on('end', () => resolve(found));
    zip.on('entry', (entry: Entry) => {
      if (found.has(entry.fileName)) {
        reject(broken(`it has two entries named ${entry.fileName}`, `存在两个名为 ${entry.fileName} 的条目`));
        return;
      }
      found.set(entry.fileName, entry);
      if (found.size > maxEntries) reject(broken('it has too many entries', '条目过多'));
      else zip.readEntry();
    });
    zip.readEntry();
  });
}

async function checkSizes(path: string, found: Map<string, Entry>): Promise<void> {
  const { size } = await stat(path);
  const unpacked = [...found.values()].reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (unpacked > Math.max(smallBytes, maxRatio * size)) {
    throw broken('it is packed more tightly than any archive is', '压缩率异常，不是正常的归档');
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(`${name} holds what is no JSON`, `${name} 中有无法解析的 JSON`, error);
  }
}

function unreadable(name: string, error: z.ZodError): AppError {
  const [issue] = error.issues;
  const where = `${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  return broken(where, where);
}

const damaged = (cause: unknown): AppError => {
  const words = cause instanceof Error ? cause.message : String(cause);
  return broken(`it is damaged (${words})`, `文件已损坏（${words}）`, cause);
};

/** Faults of the disk are not those of the archive. */
const isOurs = (error: unknown): boolean =>
  error instanceof AppError ||
  ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'].includes((error as NodeJS.ErrnoException)?.code ?? '');

async function asBroken<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw isOurs(error) ? error : damaged(error);
  }
}

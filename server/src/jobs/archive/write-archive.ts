import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { BlobStore } from '../../store/blobs.ts';
import { fromJson } from '../../store/json.ts';
import type { Store } from '../../store/ports.ts';
import type { DatasetRow } from '../../store/schema.ts';
import {
  archiveFormat,
  archiveVersion,
  entries,
  fileEntry,
  type Manifest,
  markdownEntry,
  sourceTypes,
} from './format.ts';
import * as rows from './rows.ts';

interface Parts {
  store: Pick<Store, 'db'>;
  blobs: Pick<BlobStore, 'path'>;
}

interface Options {
  withVectors: boolean;
  signal: AbortSignal;
  /** Called with the items written so far. */
  onItems(items: number): void;
}

/**
 * Writes the archive of a dataset to a new file, page by page: nothing of it is in memory as a whole. What changes
 * meanwhile may be in it or not; what is in it belongs together.
 */
export async function writeArchive(
  { store, blobs }: Parts,
  dataset: DatasetRow,
  path: string,
  { withVectors, signal, onItems }: Options,
): Promise<void> {
  const { db } = store;
  const scope = { teamId: dataset.teamId, datasetId: dataset.id };
  const collections = await rows.collectionTree(db, scope);
  const known = new Set(collections.map(({ id }) => id));
  const files = await rows.filesOf(db, scope, known);
  const counts = { tags: 0, collections: 0, items: 0, vectors: 0, questions: 0, files: 0 };
  const started = Date.now();
  const zip = new ZipFile();
  const failed = new Promise<never>((_, reject) => zip.on('error', reject));
  failed.catch(() => undefined);
  const add = (name: string, open: () => Readable, compress = true): void =>
    zip.addReadStreamLazy(name, { compress, mtime: new Date(started) }, (done) => {
      const stream = open();
      // Whoever reads the zip would wait for ever for a stream that failed.
      stream.on('error', (error) => zip.emit('error', error));
      done(null, stream);
    });
  const lines = (name: string, list: () => AsyncIterable<object>, counter?: keyof typeof counts): void =>
    add(name, () =>
      Readable.from(
        (async function* () {
          for await (const line of list()) {
            signal.throwIfAborted();
            if (counter) counts[counter] += 1;
            if (counter === 'items') onItems(counts.items);
            yield `${JSON.stringify(line)}\n`;
          }
        })(),
        { objectMode: false },
      ),
    );
  lines(entries.tags, () => rows.tagLines(db, scope), 'tags');
  lines(entries.collections, () => rows.collectionLines(db, scope, collections, files), 'collections');
  lines(entries.data, () => rows.dataLines(db, scope, known, files), 'items');
  const { vectorModel, dimensions } = dataset;
  const vectors = withVectors && vectorModel !== null && dimensions !== null;
  if (vectors) {
    const which = { ...scope, model: vectorModel, dimensions, before: started };
    lines(entries.vectors, () => rows.vectorLines(db, which, known), 'vectors');
  }
  lines(entries.questions, () => rows.questionLines(db, scope), 'questions');
  lines(entries.files, () => rows.fileLines(files), 'files');
  for (const file of files.values())
    add(fileEntry(file.id), () => createReadStream(blobs.path(file.blobKey)), false);
  for (const { id, type } of collections) {
    if (type === 'folder') continue;
    add(markdownEntry(id), () => Readable.from(rows.markdownOf(db, scope, id), { objectMode: false }));
  }
  // Last, because only now everything is counted.
  add(entries.manifest, () => {
    const manifest = manifestOf(dataset, started, counts, vectors);
    return Readable.from([`${JSON.stringify(manifest, null, 2)}\n`], { objectMode: false });
  });
  zip.end();
  await Promise.race([pipeline(zip.outputStream, createWriteStream(path), { signal }), failed]);
}

function manifestOf(
  dataset: DatasetRow,
  started: number,
  counts: Manifest['counts'],
  vectors: boolean,
): Manifest {
  const { name, intro, avatar, vectorModel, agentModel, vlmModel } = dataset;
  const chunkSettings = fromJson<rows.ChunkSettingsStored | null>(dataset.chunkSettings, null);
  return {
    format: archiveFormat,
    version: archiveVersion,
    createTime: new Date(started).toISOString(),
    dataset: {
      ...{ name, intro, avatar, vectorModel, agentModel, vlmModel, chunkSettings },
      type: sourceTypes.find((type) => type === dataset.type) ?? 'dataset',
      websiteConfig: fromJson<Manifest['dataset']['websiteConfig']>(dataset.websiteConfig, null),
      apiServer: fromJson<Manifest['dataset']['apiServer']>(dataset.apiServer, null),
    },
    ...(vectors && {
      vectors: {
        model: vectorModel ?? '',
        dimensions: dataset.dimensions ?? 0,
        bestWeight: dataset.bestEmbeddingWeight,
        measuredItems: dataset.calibratedItems,
      },
    }),
    counts,
  };
}

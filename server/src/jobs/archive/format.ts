import { createHash } from 'node:crypto';
import { storedChunkParams } from '@lectern/contract/knowledge-fields.ts';
import type { Text } from '@lectern/contract/lang.ts';
import { z } from 'zod';
import { type AppError, fail } from '../../kernel/errors.ts';

/*
 * The portable archive of a dataset, version 1: docs/archive-format.md says it for people. Every line is read by these
 * schemas; what they do not know is left out, what breaks them refuses the archive.
 */

export const archiveFormat = 'lectern-dataset';
export const archiveVersion = 1;

/** Names of the entries. */
export const entries = {
  manifest: 'manifest.json',
  tags: 'tags.jsonl',
  collections: 'collections.jsonl',
  data: 'data.jsonl',
  vectors: 'vectors.jsonl',
  questions: 'questions.jsonl',
  files: 'files.jsonl',
} as const;
export const fileEntry = (id: string): string => `files/${id}`;
export const markdownEntry = (id: string): string => `markdown/${id}.md`;

const id = z.string().regex(/^[0-9a-f]{24}$/);
const short = z.string().max(2000);
const long = z.string().max(10_000_000);
const time = z.number().int().min(0).max(8.64e15);
const count = z.number().int().min(0);
const address = z.string().min(1).max(4000);
/** A field that may be absent or null. */
const maybe = <T extends z.ZodType>(inner: T) => inner.nullish().transform((value) => value ?? null);

/** Where the documents of a dataset may come from. */
export const sourceTypes = ['dataset', 'websiteDataset', 'apiDataset'] as const;

export const manifestShape = z.object({
  format: z.literal(archiveFormat),
  version: z.number().int().min(1),
  createTime: z.string().max(50),
  dataset: z.object({
    name: z.string().min(1).max(200),
    intro: z.string().max(10_000),
    avatar: z.string().max(100_000),
    vectorModel: maybe(short),
    agentModel: maybe(short),
    vlmModel: maybe(short),
    chunkSettings: storedChunkParams.nullish(),
    /** Absent = `dataset`. */
    type: z.enum(sourceTypes).nullish(),
    websiteConfig: z.object({ url: address, selector: z.string().max(500) }).nullish(),
    /** Without its credential. */
    apiServer: z.object({ baseUrl: address, basePath: z.string().max(1000) }).nullish(),
  }),
  /** Absent = the archive has none. */
  vectors: z
    .object({
      model: short,
      dimensions: z.number().int().min(1).max(32_768),
      bestWeight: z.number().min(0).max(1).nullable(),
      measuredItems: count.nullable(),
    })
    .optional(),
  counts: z.object({
    tags: count,
    collections: count,
    items: count,
    vectors: count,
    questions: count,
    files: count,
  }),
});
export type Manifest = z.output<typeof manifestShape>;

export const tagLine = z.object({ name: z.string().min(1).max(200) });

export const collectionLine = z.object({
  id,
  parentId: maybe(id),
  type: z.enum(['folder', 'virtual', 'file', 'link', 'externalFile', 'apiFile', 'images']),
  name: z.string().min(1).max(2000),
  trainingType: z.string().max(50),
  params: storedChunkParams,
  fileId: maybe(id),
  rawLink: maybe(z.string().max(10_000)),
  externalFileId: maybe(short),
  externalFileUrl: maybe(z.string().max(10_000)),
  apiFileId: maybe(short),
  externalId: maybe(short),
  contentHash: maybe(short),
  hash: maybe(short),
  rawTextLength: maybe(count),
  forbid: z.boolean(),
  metadata: z.record(z.string(), z.unknown()),
  tags: z.array(z.string().min(1).max(200)).max(1000),
  createTime: time,
  updateTime: time,
  /** Of the page of the dataset's website that it was made of. */
  pageUrl: maybe(address),
  /** Its document was not read, by a fault or not yet: an import reads it once more. */
  unread: z.boolean().nullish(),
});
export type CollectionLine = z.output<typeof collectionLine>;

export const dataLine = z.object({
  id,
  collectionId: id,
  q: long,
  a: long,
  headings: z.array(z.string().max(10_000)).max(100),
  chunkIndex: z.number().int().min(-2_147_483_648).max(2_147_483_647),
  position: z.record(z.string(), z.union([z.number(), z.string()])).nullish(),
  imageId: maybe(id),
  externalId: maybe(short),
  indexes: z
    .array(z.object({ id, type: z.enum(['default', 'custom', 'summary', 'question', 'image']), text: long }))
    .max(10_000),
  /** What it said before it was changed, the latest first. */
  history: z
    .array(z.object({ q: long, a: long, updateTime: z.string().max(50) }))
    .max(1000)
    .nullish(),
});
export type DataLine = z.output<typeof dataLine>;

export const vectorLine = z.object({
  dataId: id,
  /** `q`, `a`, or the id of an index. */
  part: z.union([z.enum(['q', 'a']), id]),
  /** float32, little endian, base64. */
  vector: z.string().max(200_000),
});
export type VectorLine = z.output<typeof vectorLine>;

export const questionLine = z.object({
  id,
  question: z.string().min(1).max(100_000),
  expectedData: z.array(id).max(1000),
  expectedCollections: z.array(id).max(1000),
  note: z.string().max(10_000),
  source: z.enum(['hand', 'csv', 'rating']),
});

export const fileLine = z.object({
  id,
  /** A picture of this collection; absent for the document of one. */
  collectionId: maybe(id),
  name: z.string().max(2000),
  contentType: z.string().max(500),
  size: count,
  /** SHA-256 hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type FileLine = z.output<typeof fileLine>;

/** An archive that cannot be taken as it is. */
export const broken = (en: string, zh: string, cause?: unknown): AppError =>
  fail('archiveBroken', { params: { details: { en, zh } satisfies Text }, cause, param: 'file' });

/**
 * The id here of something that the archive calls `oldId`: the same in every run of one import, so that a repeated run
 * finds what it has written, and another in every other. All move by the same, so that what is listed by its ids keeps
 * its order.
 */
export function idsOf(datasetId: string): (oldId: string) => string {
  const hash = createHash('sha256').update(datasetId).digest('hex');
  const shift = BigInt(`0x${hash.slice(0, 16)}`);
  return (oldId) =>
    BigInt.asUintN(96, BigInt(`0x${oldId}`) + shift)
      .toString(16)
      .padStart(24, '0');
}

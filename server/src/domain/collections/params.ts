import type { chunkParams } from '@lectern/contract/knowledge-fields.ts';
import type { z } from 'zod';
import type { ChunkSettings, DocumentParser } from '../../retrieval/ports.ts';

/** The creation parameters that say how a text is split. */
export type ChunkParams = z.output<z.ZodObject<typeof chunkParams>>;

/** The same with the older names of `trainingType`. */
export type TrainingParams = Pick<ChunkParams, 'trainingType' | 'trainingMode' | 'autoIndexes'> &
  Partial<ChunkParams> & { mode?: ChunkParams['trainingType'] };

/** The type of training under any of its names; `auto` is an older name of chunk with autoIndexes. */
export function trainingOf(params: TrainingParams): { trainingType: string; autoIndexes: boolean } {
  const given = params.trainingType ?? params.trainingMode ?? params.mode ?? 'chunk';
  const trainingType = given === 'auto' ? 'chunk' : given;
  const autoIndexes = given === 'auto' || params.autoIndexes === true;
  // Questions and answers are such indexes themselves.
  return { trainingType, autoIndexes: autoIndexes && trainingType === 'chunk' };
}

const kept = [
  'chunkSettingMode',
  'chunkSplitMode',
  'chunkTriggerType',
  'chunkTriggerMinSize',
  'paragraphChunkAIMode',
  'paragraphChunkDeep',
  'paragraphChunkMinSize',
  'chunkSize',
  'overlapRatio',
  'indexSize',
  'chunkSplitter',
  'chunkSplitterRegex',
  'qaPrompt',
  'indexPrefixTitle',
  'ocr',
  'customPdfParse',
  'autoIndexes',
  'imageIndex',
] as const satisfies (keyof ChunkParams)[];

/** The parameters as a collection or dataset stores and shows them. */
export function storedParams(params: ChunkParams): Partial<ChunkParams> {
  const given = kept.filter((key) => params[key] !== undefined).map((key) => [key, params[key]]);
  const { autoIndexes } = trainingOf(params);
  return { ...Object.fromEntries(given), ...(autoIndexes && { autoIndexes }) };
}

/** Tokens; measured against 256, 768 and 1,000 (docs/decisions/0006). */
const defaultSize = 512;
const patternMs = 10_000;
/** A longer piece would fill the whole budget of a search. */
const longestPiece = 16_000;
/** `maxSize` splits what is longer than this share of what the model reads at once. */
const shareOfModel = 0.7;

/** What the language model of a dataset reads at once, in tokens. */
export interface ModelLimit {
  maxChunk: number;
}

const noLimit: ModelLimit = { maxChunk: Number.MAX_SAFE_INTEGER };

/**
 * The splitter's settings (spec 5.1): `auto`, the default, decides everything but when to split at all. Sizes are
 * capped at what the language model reads.
 */
export function chunkSettings(params: ChunkParams, { maxChunk }: ModelLimit = noLimit): ChunkSettings {
  const settings: ChunkSettings = {
    chunkSize: Math.min(defaultSize, maxChunk),
    overlapRatio: params.overlapRatio ?? 0.2,
    splitMode: 'paragraph',
    separators: [],
    headingDepth: 5,
    triggerMinSize: triggerOf(params, maxChunk),
  };
  return params.chunkSettingMode === 'custom' ? customSettings(params, settings, maxChunk) : settings;
}

function triggerOf({ chunkTriggerType, chunkTriggerMinSize }: ChunkParams, maxChunk: number): number {
  if (chunkTriggerType === 'forceChunk') return 0;
  if (chunkTriggerType === 'maxSize') return Math.min(longestPiece, Math.floor(shareOfModel * maxChunk));
  return Math.min(longestPiece, chunkTriggerMinSize ?? defaultSize);
}

function customSettings(params: ChunkParams, auto: ChunkSettings, maxChunk: number): ChunkSettings {
  const settings = { ...auto, chunkSize: Math.min(params.chunkSize ?? defaultSize, maxChunk) };
  if (params.chunkSplitMode === 'size') return { ...settings, splitMode: 'size' };
  const separators = (params.chunkSplitter ?? '')
    .split('|')
    .map((separator) => separator.replaceAll('\\n', '\n'))
    .filter((separator) => separator !== '');
  const separatorPattern = params.chunkSplitterRegex || undefined;
  if (separators.length > 0 || separatorPattern !== undefined) {
    const pattern = separatorPattern !== undefined && { separatorPattern };
    return { ...settings, splitMode: 'char', separators, ...pattern, overlapRatio: 0 };
  }
  return {
    ...settings,
    headingDepth: params.paragraphChunkDeep ?? settings.headingDepth,
    sectionMinSize: params.paragraphChunkMinSize ?? 0,
  };
}

/** Tokens of a text that a model makes questions of, when nobody says otherwise. */
const qaSize = { least: 2_000, most: 8_000 };

/**
 * How a text is cut for a model that makes questions of it: into large pieces, which may hold several headings, without
 * overlap, so that nothing is asked twice.
 */
export function qaSettings(params: ChunkParams, limit: ModelLimit): ChunkSettings {
  const settings = { ...chunkSettings(params, limit), overlapRatio: 0 };
  const chunkSize = Math.max(qaSize.least, Math.min(limit.maxChunk, qaSize.most));
  if (params.chunkSettingMode !== 'custom') return { ...settings, chunkSize, splitMode: 'size' };
  return { ...settings, chunkSize: Math.min(params.chunkSize ?? chunkSize, limit.maxChunk) };
}

/** Refuses a regular expression that is none, naming its field. */
export async function refuseBadPattern(
  { parser }: { parser: DocumentParser },
  { chunkSplitterRegex }: Pick<ChunkParams, 'chunkSplitterRegex'>,
): Promise<void> {
  if (!chunkSplitterRegex) return;
  const custom = { chunkSettingMode: 'custom' as const, chunkSplitterRegex };
  // Compiled where texts are split: some patterns take longer than this thread may.
  await parser.chunk('x', chunkSettings(custom), {
    signal: AbortSignal.timeout(patternMs),
  });
}

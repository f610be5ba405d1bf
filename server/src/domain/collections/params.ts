import type { chunkParams } from '@lectern/contract/knowledge-fields.ts';
import type { Text } from '@lectern/contract/lang.ts';
import type { z } from 'zod';
import { fail } from '../../kernel/errors.ts';
import type { ChunkSettings } from '../../retrieval/ports.ts';

/** The creation parameters that say how a text is split. */
export type ChunkParams = z.output<z.ZodObject<typeof chunkParams>>;

const useChunk: Text = { en: 'Use "chunk".', zh: '请使用 "chunk"。' };
const leaveOut: Text = { en: 'Leave it out or send false.', zh: '请省略或传 false。' };

/**
 * Refuses with notAvailableYet what would change the result and is not run yet, so that nobody believes that it was.
 * What changes nothing here (customPdfParse, indexPrefixTitle, indexSize: titles are always indexed) passes.
 */
export function refuseUnavailable(params: ChunkParams & { mode?: ChunkParams['trainingType'] }): void {
  const refuse = (field: string, value: string, hint: Text) => {
    throw fail('notAvailableYet', { params: { field, value, hint }, param: field });
  };
  const training = params.trainingType ?? params.trainingMode ?? params.mode ?? 'chunk';
  if (training !== 'chunk') refuse('trainingType', training, useChunk);
  if (params.autoIndexes) refuse('autoIndexes', 'true', leaveOut);
  if (params.imageIndex) refuse('imageIndex', 'true', leaveOut);
  const byModel = params.paragraphChunkAIMode;
  if (params.chunkSettingMode === 'custom' && (byModel === 'auto' || byModel === 'force')) {
    refuse('paragraphChunkAIMode', byModel, { en: 'Use "forbid".', zh: '请使用 "forbid"。' });
  }
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
  'indexSize',
  'chunkSplitter',
  'qaPrompt',
  'indexPrefixTitle',
  'customPdfParse',
  'autoIndexes',
  'imageIndex',
] as const satisfies (keyof ChunkParams)[];

/** The parameters as a collection or dataset stores and shows them. */
export function storedParams(params: ChunkParams): Partial<ChunkParams> {
  const given = kept.filter((key) => params[key] !== undefined).map((key) => [key, params[key]]);
  return Object.fromEntries(given);
}

/** Tokens; measured against 256, 768 and 1,000 (docs/decisions/0006). */
const defaultSize = 512;

/** The splitter's settings (spec 5.1): `auto`, the default, decides everything but when to split at all. */
export function chunkSettings(params: ChunkParams): ChunkSettings {
  const custom = params.chunkSettingMode === 'custom';
  const settings: ChunkSettings = {
    chunkSize: defaultSize,
    overlapRatio: 0.2,
    splitMode: 'paragraph',
    separators: [],
    headingDepth: 5,
    triggerMinSize: params.chunkTriggerMinSize ?? defaultSize,
  };
  if (params.chunkTriggerType === 'forceChunk') settings.triggerMinSize = 0;
  if (!custom) return settings;
  settings.chunkSize = params.chunkSize ?? defaultSize;
  const separators = (params.chunkSplitter ?? '')
    .split('|')
    .map((separator) => separator.replaceAll('\\n', '\n'))
    .filter((separator) => separator !== '');
  if (separators.length > 0 && params.chunkSplitMode !== 'size') {
    return { ...settings, splitMode: 'char', separators, overlapRatio: 0 };
  }
  if (params.chunkSplitMode === 'size') return { ...settings, splitMode: 'size' };
  return { ...settings, headingDepth: params.paragraphChunkDeep ?? settings.headingDepth };
}

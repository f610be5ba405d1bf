import type { ChunkParams } from '../queries.ts';

/** Parameters that count in custom mode only. */
const customOnly = [
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
] as const satisfies readonly (keyof ChunkParams)[];

const always = [
  'trainingType',
  'chunkSettingMode',
  'qaPrompt',
  'indexPrefixTitle',
  'ocr',
  'autoIndexes',
  'imageIndex',
] as const satisfies readonly (keyof ChunkParams)[];

/** What is sent of the choices on the screen: without empty ones, and without those that do not count. */
export function sentParams(params: ChunkParams): ChunkParams {
  const isCustom = params.chunkSettingMode === 'custom';
  const entries = Object.entries(params).filter(
    ([name, value]) =>
      value !== undefined &&
      value !== '' &&
      (isCustom || !customOnly.some((each) => each === name)) &&
      (params.trainingType === 'qa' || name !== 'qaPrompt'),
  );
  return Object.fromEntries(entries) as ChunkParams;
}

/** The settings that were chosen for a dataset or a collection, to begin with; what is none of ours is left out. */
export function storedParams(stored: object | undefined): ChunkParams {
  const names: readonly string[] = [...customOnly, ...always];
  return Object.fromEntries(
    Object.entries(stored ?? {}).filter(
      ([name, value]) => names.includes(name) && value !== undefined && value !== null,
    ),
  ) as ChunkParams;
}

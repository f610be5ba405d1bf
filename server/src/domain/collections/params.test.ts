import { describe, expect, it } from 'vitest';
import { chunkSettings, qaSettings, storedParams, trainingOf } from './params.ts';

describe('chunk settings', () => {
  it('decides everything by itself in auto mode, whatever sizes are sent along', () => {
    const settings = chunkSettings({ chunkSize: 100, chunkSplitter: ';', chunkSplitMode: 'char' });
    expect(settings).toEqual(chunkSettings({ chunkSettingMode: 'auto' }));
    expect(settings.splitMode).toBe('paragraph');
  });

  it('takes sizes and depth in custom mode', () => {
    const settings = chunkSettings({ chunkSettingMode: 'custom', chunkSize: 200, paragraphChunkDeep: 2 });
    expect(settings).toMatchObject({ chunkSize: 200, headingDepth: 2, splitMode: 'paragraph' });
  });

  it('reads the splitter as literal alternatives, with \\n for a line break', () => {
    const settings = chunkSettings({ chunkSettingMode: 'custom', chunkSplitter: '###|\\n\\n|a.b' });
    expect(settings).toMatchObject({
      splitMode: 'char',
      separators: ['###', '\n\n', 'a.b'],
      overlapRatio: 0,
    });
  });

  it('splits always with forceChunk, and from the given size on otherwise', () => {
    expect(chunkSettings({ chunkTriggerType: 'forceChunk', chunkTriggerMinSize: 9 }).triggerMinSize).toBe(0);
    expect(chunkSettings({ chunkTriggerMinSize: 9 }).triggerMinSize).toBe(9);
  });
});

describe('limits of the language model', () => {
  const limit = { maxChunk: 8000 };
  it('cap the size of a chunk, and say when maxSize splits', () => {
    const custom = { chunkSettingMode: 'custom', chunkSize: 50_000 } as const;
    expect(chunkSettings(custom, limit).chunkSize).toBe(8000);
    expect(chunkSettings({ chunkTriggerType: 'maxSize' }, limit).triggerMinSize).toBe(5600);
    expect(chunkSettings({ chunkTriggerType: 'maxSize' }).triggerMinSize).toBe(16_000);
  });
});

describe('the type of training', () => {
  it('goes by any of its names', () => {
    expect(trainingOf({}).trainingType).toBe('chunk');
    for (const name of ['trainingType', 'trainingMode', 'mode']) {
      expect(trainingOf({ [name]: 'qa' })).toEqual({ trainingType: 'qa', autoIndexes: false });
    }
    expect(trainingOf({ trainingType: 'auto' })).toEqual({ trainingType: 'chunk', autoIndexes: true });
    expect(storedParams({ trainingType: 'auto' })).toEqual({ autoIndexes: true });
    expect(trainingOf({ trainingType: 'qa', autoIndexes: true }).autoIndexes).toBe(false);
  });

  it('cuts large pieces without overlap for questions and answers', () => {
    const limit = { maxChunk: 24_000 };
    expect(qaSettings({}, limit)).toMatchObject({ chunkSize: 8000, overlapRatio: 0, splitMode: 'size' });
    expect(qaSettings({ chunkSettingMode: 'custom', chunkSize: 4000 }, limit)).toMatchObject({
      chunkSize: 4000,
      splitMode: 'paragraph',
    });
    expect(qaSettings({}, { maxChunk: 3000 }).chunkSize).toBe(3000);
  });
});

it('stores the chunk parameters that were given and nothing else', () => {
  const input = { chunkSize: 300, chunkSettingMode: 'custom', trainingType: 'chunk', name: 'x' } as const;
  expect(storedParams(input)).toEqual({ chunkSize: 300, chunkSettingMode: 'custom' });
});

import { expect, test } from 'vitest';
import { fileRules, sortFiles } from './file-rules.ts';

const files = [
  { name: 'heron.png', type: 'image/png' },
  { name: 'Terms.PDF', type: 'application/pdf' },
  { name: 'songs.zip', type: 'application/zip' },
];
const sorted = (config: object) => {
  const rules = fileRules({ fileSelectConfig: config });
  if (!rules) return undefined;
  const { taken, refused } = sortFiles(files, rules);
  return [taken, refused].map((list) => list.map(({ name }) => name));
};

test('files are taken as the app says, and none is forgotten', () => {
  expect(sorted({ canSelectImg: true })).toEqual([['heron.png'], ['Terms.PDF', 'songs.zip']]);
  expect(sorted({ canSelectFile: true })).toEqual([['Terms.PDF'], ['heron.png', 'songs.zip']]);
  expect(sorted({ canSelectFile: true, canSelectImg: true })).toEqual([
    ['heron.png', 'Terms.PDF'],
    ['songs.zip'],
  ]);
  expect(sorted({})).toBeUndefined();
});

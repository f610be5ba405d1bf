import { afterAll, expect, test } from 'vitest';
import { layoutFiles, tallyLayout } from './fixtures-layout.ts';
import { testReader } from './fixtures-read.ts';

const reader = testReader();
afterAll(() => reader.close());

/** What every format must reach. */
const least = 0.95;

test.each(layoutFiles.map((file) => [file.name, file] as const))(
  'cells of %s stand in their row and column, lines in their order',
  async (name, file) => {
    const { markdown } = await reader.read(name, file.bytes());
    const { cells, cellsInRow, lines, linesInOrder } = tallyLayout(file, markdown);
    expect(cells + lines).toBeGreaterThan(0);
    expect(cellsInRow).toBeGreaterThanOrEqual(least * cells);
    expect(linesInOrder).toBeGreaterThanOrEqual(least * lines);
  },
);

test('what stands elsewhere is not counted', () => {
  const file = {
    name: 'x',
    bytes: () => new Uint8Array(),
    rows: [
      ['a', 'b'],
      ['c', 'd'],
    ],
    lines: ['one', 'two'],
  };
  expect(tallyLayout(file, 'two one\n\n| b | a |\n| --- | --- |\n| c |\n| d |')).toEqual({
    cells: 4,
    cellsInRow: 1,
    lines: 2,
    linesInOrder: 1,
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { markOf } from '../../kernel/positions.ts';
import { makePages, type TextAt } from './fixtures.ts';
import { readDocument } from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'lectern-pdf-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function read(content: Uint8Array): Promise<string> {
  const path = join(directory, 'upload');
  writeFileSync(path, content);
  return (await readDocument({ name: 'a.pdf', path }, () => {})).markdown;
}
const page = (n: number): string => markOf({ page: n });

describe('pages of a PDF', () => {
  const at = (y: number, text: string, size = 10): TextAt => [50, y, size, text];

  test('are marked where they begin, empty ones left out', async () => {
    const pages = [[at(700, 'One.')], [], [at(700, 'A heading', 20), at(650, 'Three.')]];
    expect(await read(makePages(pages))).toBe(`${page(1)}One.\n\n# ${page(3)}A heading\n\nThree.`);
  });
  test('are marked within a sentence and a word that go on overleaf', async () => {
    const pages = [
      [at(700, 'This sentence does not end on its')],
      [at(700, 'page but goes on, and its words are bro-')],
      [at(700, 'ken. Another.')],
      [at(700, 'Not this one.')],
    ];
    expect(await read(makePages(pages))).toBe(
      `${page(1)}This sentence does not end on its ${page(2)}page but goes on, and its words are bro${page(3)}ken. Another.\n\n${page(4)}Not this one.`,
    );
  });
});

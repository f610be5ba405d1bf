import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { asFile } from './keep-file.ts';

describe('a text kept as a file', () => {
  const cases: [string, string][] = [
    ['Rules 规则', 'Rules 规则.md'],
    ['SECURITY.md', 'SECURITY.md'],
    ['Notes.MD', 'Notes.MD'],
    ['guide.markdown', 'guide.markdown'],
    ['v1.2', 'v1.2.md'],
  ];
  for (const [name, expected] of cases) {
    it(`named "${name}" becomes the file "${expected}"`, async () => {
      const file = await asFile(tmpdir(), name, 'text', async (given) => ({
        name: given.name,
        text: await readFile(given.path, 'utf8'),
      }));
      expect(file).toEqual({ name: expected, text: 'text' });
    });
  }
});

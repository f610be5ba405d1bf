import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole, consoleIsBuilt } from './console.mjs';

const root = resolve(import.meta.dirname, '../..');

/** A checkout of its own: the sources copied, the packages shared. */
describe('building the console', () => {
  const copy = mkdtempSync(join(tmpdir(), 'lectern-console-'));
  const page = join(copy, 'web/dist/index.html');
  beforeAll(() => {
    for (const folder of ['web', 'contract'])
      cpSync(join(root, folder), join(copy, folder), {
        recursive: true,
        filter: (source) => !/[/\\](node_modules|dist[^/\\]*)$/.test(source),
      });
    for (const file of ['package.json', 'package-lock.json', 'tsconfig.json'])
      cpSync(join(root, file), join(copy, file));
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('happens once, and again only when its source has changed', async () => {
    expect(consoleIsBuilt(copy)).toBe(false);
    await buildConsole(copy);
    expect(consoleIsBuilt(copy)).toBe(true);
    expect(readFileSync(page, 'utf8')).toContain('/assets/');
    const compressed = readdirSync(join(copy, 'web/dist/assets')).filter((name) => name.endsWith('.js.br'));
    expect(compressed.length).toBeGreaterThan(5);

    mkdirSync(join(copy, 'web/src/ui'), { recursive: true });
    writeFileSync(join(copy, 'web/src/ui/page.test.ts'), 'test');
    expect(consoleIsBuilt(copy)).toBe(true);
    writeFileSync(join(copy, 'web/src/ui/more.ts'), 'export const more = 1;\n');
    expect(consoleIsBuilt(copy)).toBe(false);
  }, 60_000);

  test('a source that is broken leaves the console that was built before, and says what is wrong', async () => {
    writeFileSync(join(copy, 'web/src/main.tsx'), 'this is no program');
    await expect(buildConsole(copy)).rejects.toThrow(/main\.tsx/);
    expect(existsSync(page)).toBe(true);
    expect(readdirSync(join(copy, 'web')).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  }, 60_000);
});

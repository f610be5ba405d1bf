import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTempDir } from './temp-dir.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'lectern-temp-'));
});
afterEach(() => rm(parent, { recursive: true }));

const host = hostname().replace(/[^\w-]/g, '_');
const make = async (name: string, hoursOld = 0) => {
  await mkdir(join(parent, name));
  await writeFile(join(parent, name, 'left.txt'), 'left');
  const time = new Date(Date.now() - hoursOld * 3_600_000);
  await utimes(join(parent, name), time, time);
};

it('clears away what processes that are gone left behind, and nothing of those that run', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await make(`${host}.${pid}.a`);
  await make(`${host}.${process.ppid}.b`);
  await make('another-machine.7.c', 1);
  await make('another-machine.8.d', 3);
  await make('of-an-earlier-version', 3);
  const temp = await createTempDir(parent);
  const kept = [`${host}.${process.ppid}.b`, 'another-machine.7.c'];
  expect((await readdir(parent)).map((name) => join(parent, name)).sort()).toEqual(
    [...kept.map((name) => join(parent, name)), temp.path].sort(),
  );
  const other = await createTempDir(parent);
  await writeFile(join(temp.path, 'file'), '');
  await other.close();
  expect(await readdir(temp.path)).toEqual(['file']);
  await temp.close();
  expect((await readdir(parent)).sort()).toEqual(kept.sort());
});

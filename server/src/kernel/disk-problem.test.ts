import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeSmallDisk } from '../testing/small-disk.ts';
import { diskRefusal, isDiskProblem } from './disk-problem.ts';

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown) => thrown,
  );

it('knows problems of the disk from those of the network and from bugs', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lectern-disk-'));
  await writeFile(join(dir, 'file'), '');
  expect(isDiskProblem(await caught(writeFile(join(dir, 'file', 'below'), 'x')))).toBe(true);
  expect(isDiskProblem(await caught(writeFile(join(dir, 'gone', 'below'), 'x')))).toBe(true);
  // A device that is always full.
  const full = await open('/dev/full', 'w');
  expect(isDiskProblem(await caught(full.writeFile('x')))).toBe(true);
  await full.close();
  const refused = await new Promise((resolve) => connect(1, '127.0.0.1').on('error', resolve));
  expect((refused as NodeJS.ErrnoException).code).toBe('ECONNREFUSED');
  expect(isDiskProblem(refused)).toBe(false);
  expect(isDiskProblem(Object.assign(new Error('x'), { code: 'EACCES', syscall: 'connect' }))).toBe(false);
  expect(isDiskProblem(new TypeError('x'))).toBe(false);
  expect(isDiskProblem(undefined)).toBe(false);
  await rm(dir, { recursive: true });
});

const refusal = (thrown: unknown) => diskRefusal(thrown)?.errorName;

it('knows what an operator has to mend, whoever says it', async () => {
  const disk = makeSmallDisk(1);
  try {
    disk.fill();
    expect(refusal(await caught(writeFile(join(disk.path, 'more'), Buffer.alloc(8192))))).toBe('diskFull');
    disk.free();
    disk.readOnly(true);
    expect(refusal(await caught(writeFile(join(disk.path, 'more'), 'x')))).toBe('diskReadOnly');
  } finally {
    disk.remove();
  }
  // 13 + an extension, as SQLite gives it; what Postgres says.
  expect(refusal(Object.assign(new Error('x'), { errcode: 13 + 256 }))).toBe('diskFull');
  expect(refusal(Object.assign(new Error('x'), { errcode: 8 }))).toBe('diskReadOnly');
  expect(refusal(Object.assign(new Error('x'), { code: '53100' }))).toBe('diskFull');
  expect(refusal(Object.assign(new Error('x'), { errcode: 5, code: 'EACCES' }))).toBeUndefined();
});

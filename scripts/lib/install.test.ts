import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  cleanNpmEnvironment,
  explain,
  nodeBinary,
  problemWith,
  releaseLock,
  stageOf,
  takeLock,
  treeMatchesLock,
  writeMarker,
} from './install.mjs';

let root: string;
const write = (path: string, value: unknown) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), typeof value === 'string' ? value : JSON.stringify(value));
};
const lock = (version: string) => ({
  packages: {
    '': { dependencies: { left: version } },
    part: { dependencies: {} },
    'node_modules/left': { version },
    'node_modules/only-on-mac': { version: '1.0.0', optional: true },
  },
});

/** A small tree as npm leaves it, with a "node" that answers its version. */
beforeEach(() => {
  vi.stubEnv('LC_ALL', 'C');
  root = mkdtempSync(join(tmpdir(), 'lectern-install-'));
  write('package.json', { workspaces: ['part'], dependencies: { left: '1.0.0' } });
  write('part/package.json', { name: 'part' });
  write('package-lock.json', lock('1.0.0'));
  write('node_modules/.package-lock.json', { packages: { 'node_modules/left': { version: '1.0.0' } } });
  write('node_modules/left/package.json', { version: '1.0.0' });
  write('node_modules/node/bin/node', '#!/bin/sh\necho v24.0.0\n');
  chmodSync(nodeBinary(root), 0o755);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

test('a tree with a marker for these files is complete', () => {
  writeMarker(root);
  expect(problemWith(root)).toBeNull();
});

test('a missing tree is installed', () => {
  rmSync(join(root, 'node_modules'), { recursive: true });
  expect(problemWith(root)).toBe('missing');
});

test('a lock file that asks for another version makes the tree stale', () => {
  writeMarker(root);
  write('package.json', { workspaces: ['part'], dependencies: { left: '2.0.0' } });
  write('package-lock.json', lock('2.0.0'));
  expect(problemWith(root)).toBe('stale');
});

test('a dependency added to a workspace but not to the lock file makes the tree stale', () => {
  writeMarker(root);
  write('part/package.json', { name: 'part', dependencies: { right: '1.0.0' } });
  expect(problemWith(root)).toBe('stale');
});

test('a half-removed tree is stale when its marker does not fit', () => {
  rmSync(join(root, 'node_modules/left'), { recursive: true });
  expect(problemWith(root)).toBe('stale');
});

test('a tree that npm itself brought up to date is taken over and marked', () => {
  expect(treeMatchesLock(root)).toBe(true);
  expect(problemWith(root)).toBeNull();
  expect(JSON.parse(readFileSync(join(root, 'node_modules/.lectern-installed.json'), 'utf8')).hash).toMatch(
    /^\w{64}$/,
  );
});

test('a binary that is missing, does not start or has another version is noticed', () => {
  writeMarker(root);
  write('node_modules/node/bin/node', '#!/bin/sh\necho v20.1.0 of old\n');
  expect(problemWith(root)).toBe('node');
  rmSync(nodeBinary(root));
  expect(problemWith(root)).toBe('node');
});

test('one process installs at a time, and the lock of a dead process is taken over', () => {
  const file = join(root, '.cache/install.lock');
  expect(takeLock(root)).toBe(true);
  writeFileSync(file, String(process.ppid));
  expect(takeLock(root)).toBe(false);
  const longAgo = new Date(Date.now() - 120_000);
  utimesSync(file, longAgo, longAgo);
  expect(takeLock(root)).toBe(true);
  writeFileSync(file, '99999999');
  expect(takeLock(root)).toBe(true);
  releaseLock(root);
  expect(takeLock(root)).toBe(true);
});

test('a failure says what a person can do', () => {
  expect(explain('npm error code ENOTFOUND')).toContain('Check the network');
  expect(
    explain(
      'npm error code EUSAGE\nnpm error out of sync\nnpm error Clean install a project\nnpm error Usage',
    ),
  ).not.toContain('Usage:');
  expect(explain('spawn npm ENOENT')).toContain('npm was not found');
  expect(explain('')).toMatch(/^npm ci failed\. Run the same command again/);
});

test('a failure is explained in Chinese where the terminal is', () => {
  vi.stubEnv('LC_ALL', 'zh_CN.UTF-8');
  expect(explain('npm error code ENOTFOUND')).toMatch(
    /^npm 无法访问软件源[\s\S]*npm 的输出：\n {2}code ENOTFOUND$/,
  );
});

test('what the calling npm says about its own command does not reach the nested one', () => {
  const env = cleanNpmEnvironment({
    PATH: '/bin',
    npm_config_workspace: 'server',
    npm_lifecycle_event: 'start',
    npm_config_registry: 'https://registry.example',
  });
  expect(env).toEqual({ PATH: '/bin', npm_config_registry: 'https://registry.example' });
});

test('how far it is shows in the packages that are there, of those that this machine needs', () => {
  expect(stageOf(root)).toBe('all 1 packages are there; fetching Node 24');
  write('package-lock.json', {
    packages: {
      '': {},
      part: {},
      'node_modules/part': { resolved: 'part', link: true },
      'node_modules/left': { version: '1.0.0' },
      'node_modules/left/node_modules/deep': { version: '1.0.0' },
      'node_modules/only-on-mac': { version: '1.0.0', optional: true },
    },
  });
  mkdirSync(join(root, 'node_modules/left/node_modules/deep'), { recursive: true });
  expect(stageOf(root)).toBe('1 of 2 packages downloaded and unpacked');
  rmSync(join(root, 'node_modules'), { recursive: true });
  expect(stageOf(root)).toBe('asking the registry what is needed');
});

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeBinary } from './install.mjs';

/*
 * The console is built once, and again only when something it is made of has changed: its sources, the contract or
 * the installed packages. What is built says in a file of what it was made.
 */

const madeOf = ['web/src', 'web/public', 'web/plugins', 'contract/src'];
const singleFiles = ['web/index.html', 'web/vite.config.ts', 'web/package.json', 'package-lock.json'];
const mark = 'made-of.txt';

/** @param {string} root @returns {string} */
function wantedMark(root) {
  const hash = createHash('sha256');
  const files = madeOf.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files, ...singleFiles.map((name) => join(root, name))].sort()) {
    hash.update(`${file.slice(root.length)}\0`);
    hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** @param {string} root */
export function consoleIsBuilt(root) {
  const file = join(root, 'web/dist', mark);
  return existsSync(file) && readFileSync(file, 'utf8') === wantedMark(root);
}

/**
 * Builds the console beside the one that may be in use, and puts it in its place when it is whole. Rejects with an
 * Error that holds what the build said.
 * @param {string} root
 */
export async function buildConsole(root) {
  const made = wantedMark(root);
  const fresh = `dist-${process.pid}`;
  const child = spawn(
    nodeBinary(root),
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', fresh, '--logLevel', 'error'],
    {
      cwd: join(root, 'web'),
      stdio: ['ignore', 'pipe', 'pipe'],
      // Tests build it, too, and what they build is served afterwards.
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  const [code] = await once(child, 'close');
  const folder = join(root, 'web', fresh);
  try {
    if (code !== 0) throw new Error(said.trim() || `vite ended with ${code}`);
    writeFileSync(join(folder, mark), made);
    putInPlace(join(root, 'web/dist'), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} place @param {string} fresh */
function putInPlace(place, fresh) {
  const old = `${place}-old-${process.pid}`;
  if (existsSync(place)) renameSync(place, old);
  try {
    renameSync(fresh, place);
  } catch (error) {
    // Another process was faster; what it put there was made of the same.
    if (!existsSync(place)) throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/**
 * Bytes of a file of the console as it is sent to a browser that takes gzip; addresses of screens are the page. What
 * the API answers does not count.
 * @param {string} root @param {string} path of the request, without its query
 * @returns {number}
 */
export function sizeAsSent(root, path) {
  if (path.startsWith('/api/')) return 0;
  const file = join(root, 'web/dist', path.includes('.') ? path : 'index.html');
  if (existsSync(`${file}.gz`)) return statSync(`${file}.gz`).size;
  return existsSync(file) ? statSync(file).size : 0;
}

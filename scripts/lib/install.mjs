import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/*
 * Plain JavaScript without dependencies: it runs before anything is installed, on whatever Node (20 or newer) the
 * machine has. Everything else runs under the Node that this installs.
 */

/** The major version of the pinned Node. */
export const pinnedMajor = 24;

/** The pinned Node's binary. Not `node_modules/.bin/node`, which is no executable on Windows. @param {string} root */
export const nodeBinary = (root) =>
  join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Where a finished installation is recorded. @param {string} root */
export const markerFile = (root) => join(root, 'node_modules/.lectern-installed.json');

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** @param {string} root @returns {string[]} Folders with a package.json, the root (`''`) first. */
function packageFolders(root) {
  /** @type {string[]} */
  const workspaces = readJson(join(root, 'package.json')).workspaces ?? [];
  return ['', ...workspaces];
}

/** Hash of everything that decides what must be installed. @param {string} root */
export function wantedHash(root) {
  const hash = createHash('sha256');
  const files = ['package-lock.json', ...packageFolders(root).map((folder) => join(folder, 'package.json'))];
  for (const file of files) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** Changes when the binary is replaced; saves starting it on every run. @param {string} root */
function binaryStamp(root) {
  const stat = statSync(nodeBinary(root), { throwIfNoEntry: false });
  return stat ? `${stat.size}:${Math.trunc(stat.mtimeMs)}` : null;
}

/** @param {string} root @returns {boolean} The pinned Node starts on this machine and has the pinned version. */
export function nodeRuns(root) {
  const asked = spawnSync(nodeBinary(root), ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return asked.status === 0 && asked.stdout.startsWith(`v${pinnedMajor}.`);
}

/**
 * Compares npm's own record of the installed tree with the lock file, so that a developer's `npm install` is taken
 * over instead of being done again.
 * @param {string} root
 */
export function treeMatchesLock(root) {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readJson(record).packages;
  const locked = readJson(join(root, 'package-lock.json')).packages;
  for (const folder of packageFolders(root)) {
    const declared = readJson(join(root, folder, 'package.json'));
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      if (!sameRecord(declared[kind], locked[folder]?.[kind])) return false;
    }
  }
  for (const [path, entry] of Object.entries(locked)) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
    const there = installed[path];
    // Optional packages of other platforms are locked but never installed.
    if (!there && (entry.optional || entry.devOptional || entry.peer)) continue;
    if (there?.version !== entry.version || !existsSync(join(root, path))) return false;
  }
  return Object.keys(installed).every((path) => path in locked || path.startsWith('node_modules/node/'));
}

/** @param {Record<string, string>} [a] @param {Record<string, string>} [b] */
function sameRecord(a = {}, b = {}) {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/**
 * What is wrong with the installed tree: `null` when it is what the lock file says.
 * @param {string} root
 * @returns {'missing' | 'stale' | 'node' | null}
 */
export function problemWith(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'missing';
  const stamp = binaryStamp(root);
  const hash = wantedHash(root);
  if (existsSync(markerFile(root))) {
    const marker = readMarker(root);
    if (marker.hash === hash && marker.binary === stamp && stamp) return null;
  }
  if (!treeMatchesLock(root)) return 'stale';
  if (!stamp || !nodeRuns(root)) return 'node';
  writeMarker(root);
  return null;
}

/** @param {string} root @returns {{hash?: string, binary?: string}} */
function readMarker(root) {
  try {
    return readJson(markerFile(root));
  } catch {
    return {};
  }
}

/** Records that the tree is complete. @param {string} root */
export function writeMarker(root) {
  const temporary = `${markerFile(root)}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify({ hash: wantedHash(root), binary: binaryStamp(root) }));
  renameSync(temporary, markerFile(root));
}

/** Without what the calling `npm` says about its own command, which would change what a nested `npm ci` does. */
export function cleanNpmEnvironment(env = process.env) {
  const own =
    /^(npm_(lifecycle|package|command|node_execpath|execpath)|npm_config_(workspace|workspaces|include_workspace_root|prefix|local_prefix|global|dry_run|omit|include|only|production|ignore_scripts|if_present|node_gyp)$|INIT_CWD$)/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}

const lockFile = (/** @type {string} */ root) => join(root, '.cache/install.lock');
const lockDiesAfterMs = 60_000;

/**
 * One installer at a time: a file with the holder's process id, touched while it works.
 * @param {string} root
 * @returns {boolean} Whether this process now holds the lock.
 */
export function takeLock(root) {
  const file = lockFile(root);
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (holderLives(file)) return false;
  // Only one process can move the dead lock away; the others see the next holder's.
  try {
    renameSync(file, `${file}.dead-${process.pid}`);
    rmSync(`${file}.dead-${process.pid}`, { force: true });
  } catch {}
  return takeLock(root);
}

/** @param {string} file */
function holderLives(file) {
  try {
    const age = Date.now() - statSync(file).mtimeMs;
    const holder = Number(readFileSync(file, 'utf8'));
    if (age > lockDiesAfterMs) return false;
    if (!holder) return true;
    if (holder === process.pid) return false;
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} root */
export const releaseLock = (root) => rmSync(lockFile(root), { force: true });

/** @param {string} root What the half-made tree tells about how far npm is. */
function stage(root) {
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return 'asking the registry and downloading';
  if (existsSync(join(modules, 'node/node_modules'))) return `fetching Node ${pinnedMajor}`;
  return `unpacking (${readdirSync(modules).length} packages so far)`;
}

/**
 * Runs `npm ci` with progress lines. Rejects with an Error whose message says what a person can do.
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function install(root, say) {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const npm = process.env.npm_execpath;
  const viaNode = npm && /\.c?js$/.test(npm) && /npm/.test(npm);
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress'];
  const child = spawn(viaNode ? process.execPath : 'npm', viaNode ? [npm, ...args] : args, {
    cwd: root,
    env: cleanNpmEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: !viaNode && process.platform === 'win32',
  });
  let output = '';
  child.stderr?.on('data', (chunk) => {
    output = (output + chunk).slice(-8_000);
  });
  let ticks = 0;
  const timer = setInterval(() => {
    const now = new Date();
    if (existsSync(lockFile(root))) utimesSync(lockFile(root), now, now);
    ticks += 1;
    if (ticks % 2 === 0) say(`  ${seconds()} s: ${stage(root)}`);
  }, 2_500);
  const forward = () => child.kill('SIGTERM');
  process.once('SIGINT', forward).once('SIGTERM', forward);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += `\n${error.message}`;
      resolve(-1);
    });
    child.once('close', resolve);
  });
  clearInterval(timer);
  process.removeListener('SIGINT', forward).removeListener('SIGTERM', forward);
  if (code !== 0) throw new Error(explain(output));
  if (!nodeRuns(root)) throw new Error(explainNode());
  writeMarker(root);
  say(`  done in ${seconds()} s`);
}

/** @param {string} output What npm wrote to stderr. */
export function explain(output) {
  const reason = /ENOENT.*npm|spawn npm/.test(output)
    ? 'npm was not found. Install Node 20 or newer together with npm.'
    : /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EIDLETIMEOUT|FETCH_ERROR/.test(
          output,
        )
      ? 'npm could not reach the package registry. Check the network, and the proxy or registry that `npm config list` shows; then run the same command again.'
      : /ENOSPC/.test(output)
        ? 'The disk is full. About 1 GB is needed.'
        : /EACCES|EPERM|EROFS/.test(output)
          ? 'npm may not write here. Check who owns this folder and node_modules.'
          : /EUSAGE|in sync/.test(output)
            ? 'package.json and package-lock.json do not agree. Run `npm install` once and commit the lock file.'
            : /EINTEGRITY/.test(output)
              ? 'A downloaded package is not the locked one. Try `npm cache verify`, then run the same command again.'
              : 'npm ci failed.';
  const lines = output.split('\n').map((line) => line.replace(/^npm error ?/, '').trimEnd());
  const usage = lines.findIndex((line) => /^Clean install a project|^A complete log/.test(line));
  const said = (usage < 0 ? lines : lines.slice(0, usage)).filter(Boolean).slice(0, 15);
  return said.length > 0 ? `${reason}\n\nnpm said:\n  ${said.join('\n  ')}` : reason;
}

function explainNode() {
  return [
    `The packages are installed, but the Node ${pinnedMajor} that comes with them does not start.`,
    'If npm is set to skip install scripts (npm config get ignore-scripts), run: npm rebuild node --ignore-scripts=false',
    'On a system without glibc (Alpine) it cannot run; use a Debian-based system.',
  ].join('\n');
}

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { inLanguage } from './language.mjs';
import { showProgress } from './progress.mjs';

/*
 * Plain JavaScript without dependencies: it runs before anything is installed, on whatever Node (20 or newer) the
 * machine has. Everything else runs under the Node that this installs.
 */

/** The major version of the pinned Node. */
const pinnedMajor = 24;

/** The pinned Node's binary. Not `node_modules/.bin/node`, which is no executable on Windows. @param {string} root */
export const nodeBinary = (root) =>
  join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Where a finished installation is recorded. @param {string} root */
const markerFile = (root) => join(root, 'node_modules/.lectern-installed.json');

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** @param {string} root @returns {string[]} Folders with a package.json, the root (`''`) first. */
function packageFolders(root) {
  /** @type {string[]} */
  const workspaces = readJson(join(root, 'package.json')).workspaces ?? [];
  return ['', ...workspaces];
}

/** Hash of everything that decides what must be installed. @param {string} root */
function wantedHash(root) {
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
function nodeRuns(root) {
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

/**
 * How far npm is, by the tree it fills: first it makes a folder for every package that this machine needs, then it
 * unpacks each as it arrives, and runs what packages want to have run (which fetches Node) at the end.
 * @param {string} root
 */
export function stageOf(root) {
  const places = existsSync(join(root, 'node_modules'))
    ? lockedPlaces(root).filter((place) => existsSync(join(root, place)))
    : [];
  if (places.length === 0) {
    return inLanguage({ en: 'asking the registry what is needed', zh: '正在查询软件源' });
  }
  const total = places.length;
  const done = places.filter((place) => existsSync(join(root, place, 'package.json'))).length;
  return done < total
    ? inLanguage({
        en: `${done} of ${total} packages downloaded and unpacked`,
        zh: `已下载并解包 ${done} / ${total} 个软件包`,
      })
    : inLanguage({
        en: `all ${total} packages are there; fetching Node ${pinnedMajor}`,
        zh: `${total} 个软件包均已就绪，正在获取 Node ${pinnedMajor}`,
      });
}

/** Where npm puts packages, those of other platforms included. @param {string} root @returns {string[]} */
function lockedPlaces(root) {
  const { packages } = readJson(join(root, 'package-lock.json'));
  return Object.keys(packages).filter((path) => path.includes('node_modules/') && !packages[path].link);
}

/**
 * Runs `npm ci` and shows how far it is. Rejects with an Error whose message says what a person can do.
 * @param {string} root
 * @returns {Promise<number>} The seconds it took.
 */
export async function install(root) {
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
  const ended = showProgress((seconds) =>
    inLanguage({ en: `${seconds} s: ${stageOf(root)}`, zh: `${seconds} 秒：${stageOf(root)}` }),
  );
  const touch = setInterval(() => {
    const now = new Date();
    if (existsSync(lockFile(root))) utimesSync(lockFile(root), now, now);
  }, 5_000);
  let interrupted = false;
  const forward = () => {
    interrupted = true;
    child.kill('SIGTERM');
  };
  process.once('SIGINT', forward).once('SIGTERM', forward);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += `\n${error.message}`;
      resolve(-1);
    });
    child.once('close', resolve);
  });
  const seconds = ended();
  clearInterval(touch);
  process.removeListener('SIGINT', forward).removeListener('SIGTERM', forward);
  if (interrupted) {
    throw new Error(
      inLanguage({
        en: 'Stopped before everything was installed. Run the same command again to install it.',
        zh: '安装尚未完成即被中止。请重新运行同一命令以完成安装。',
      }),
    );
  }
  if (code !== 0) throw new Error(explain(output));
  if (!nodeRuns(root)) throw new Error(explainNode());
  writeMarker(root);
  return seconds;
}

/** What a person can do, by what npm says; the first that fits. */
const remedies = [
  {
    sign: /ENOENT.*npm|spawn npm/,
    en: 'npm was not found. Install Node 20 or newer together with npm.',
    zh: '找不到 npm，请安装 Node 20 或更高版本（自带 npm）。',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EIDLETIMEOUT|FETCH_ERROR/,
    en: 'npm could not reach the package registry. Check the network, and the proxy or registry that `npm config list` shows; then run the same command again.',
    zh: 'npm 无法访问软件源。请检查网络，以及 `npm config list` 显示的代理或软件源，然后重新运行同一命令。',
  },
  {
    sign: /ENOSPC/,
    en: 'The disk is full. About 1 GB is needed.',
    zh: '磁盘已满，大约需要 1 GB 空间。',
  },
  {
    sign: /EACCES|EPERM|EROFS/,
    en: 'npm may not write here. Check who owns this folder and node_modules.',
    zh: 'npm 无权在此写入，请检查此目录和 node_modules 的所有者。',
  },
  {
    sign: /EUSAGE|in sync/,
    en: 'package.json and package-lock.json do not agree. Run `npm install` once and commit the lock file.',
    zh: 'package.json 与 package-lock.json 不一致，请运行一次 `npm install` 并提交锁文件。',
  },
  {
    sign: /EINTEGRITY/,
    en: 'A downloaded package is not the locked one. Try `npm cache verify`, then run the same command again.',
    zh: '下载的软件包与锁文件不符。请先运行 `npm cache verify`，然后重新运行同一命令。',
  },
  {
    sign: /(?:)/,
    en: 'npm ci failed. Run the same command again; if it fails again, delete the folder node_modules first.',
    zh: 'npm ci 失败。请重新运行同一命令；如果仍然失败，请先删除 node_modules 目录。',
  },
];

/** @param {string} output What npm wrote to stderr. */
export function explain(output) {
  const reason = inLanguage(remedies.find(({ sign }) => sign.test(output)) ?? { en: '', zh: '' });
  const lines = output.split('\n').map((line) => line.replace(/^npm error ?/, '').trimEnd());
  const usage = lines.findIndex((line) => /^Clean install a project|^A complete log/.test(line));
  const said = (usage < 0 ? lines : lines.slice(0, usage)).filter(Boolean).slice(0, 15);
  const npmSaid = inLanguage({ en: 'npm said:', zh: 'npm 的输出：' });
  return said.length > 0 ? `${reason}\n\n${npmSaid}\n  ${said.join('\n  ')}` : reason;
}

const explainNode = () =>
  inLanguage({
    en: [
      `The packages are installed, but the Node ${pinnedMajor} that comes with them does not start.`,
      'If npm is set to skip install scripts (npm config get ignore-scripts), run: npm rebuild node --ignore-scripts=false',
      'On a system without glibc (Alpine) it cannot run; use a Debian-based system.',
    ].join('\n'),
    zh: [
      `软件包已安装，但其中的 Node ${pinnedMajor} 无法启动。`,
      '如果 npm 设置为跳过安装脚本（npm config get ignore-scripts），请运行：npm rebuild node --ignore-scripts=false',
      '没有 glibc 的系统（Alpine）无法运行，请使用基于 Debian 的系统。',
    ].join('\n'),
  });

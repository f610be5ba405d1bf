#!/usr/bin/env node
/*
 * `node scripts/run.mjs [--console] [--watch] FILE.ts [arguments…]`: installs what is missing, with --console builds
 * the console if it changed, then runs FILE under the pinned Node. This is behind every npm script, so that a fresh
 * clone needs one command only.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole, consoleIsBuilt } from './lib/console.mjs';
import { install, nodeBinary, problemWith, releaseLock, takeLock } from './lib/install.mjs';
import { inLanguage } from './lib/language.mjs';
import { showProgress } from './lib/progress.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const oldest = 20;

/** On stderr, so that the output of commands stays usable in pipes. @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/** @param {string} message @returns {never} */
function stop(message) {
  say(`\n${message}`);
  process.exit(1);
}

const reasons = {
  missing: {
    en: 'First start: installing what Lectern needs (once, about a minute).',
    zh: '首次启动：正在安装 Lectern 所需的软件包（仅此一次，约一分钟）。',
  },
  stale: {
    en: 'The installed packages are not those of package-lock.json: installing them again.',
    zh: '已安装的软件包与 package-lock.json 不符，正在重新安装。',
  },
  node: {
    en: 'The pinned Node does not start: installing again.',
    zh: '锁定版本的 Node 无法启动，正在重新安装。',
  },
};

async function waitForLock() {
  if (takeLock(root)) return;
  const text = {
    en: 'Another process is installing; waiting for it …',
    zh: '另一个进程正在安装，等待其完成……',
  };
  say(inLanguage(text));
  const ended = showProgress((seconds) => inLanguage({ en: `${seconds} s`, zh: `${seconds} 秒` }));
  while (!takeLock(root)) await new Promise((wake) => setTimeout(wake, 500));
  ended();
}

async function prepare() {
  if (problemWith(root) === null) return;
  await waitForLock();
  try {
    const problem = problemWith(root);
    if (problem === null) return;
    say(inLanguage(reasons[problem]));
    const seconds = await install(root);
    say(inLanguage({ en: `  done in ${seconds} s`, zh: `  安装完成，用时 ${seconds} 秒` }));
  } finally {
    releaseLock(root);
  }
}

/** A server without its console still answers programs, so a build that fails is told and no reason to stop. */
async function prepareConsole() {
  if (consoleIsBuilt(root)) return;
  say(
    inLanguage({ en: 'Building the console (less than a minute) …', zh: '正在构建控制台（不到一分钟）……' }),
  );
  const ended = showProgress((seconds) => inLanguage({ en: `${seconds} s`, zh: `${seconds} 秒` }));
  try {
    await buildConsole(root);
    ended();
  } catch (error) {
    ended();
    const reason = error instanceof Error ? error.message : String(error);
    say(
      inLanguage({
        en: `The console could not be built; the API works without it, and the next start tries again. ${reason}`,
        zh: `无法构建控制台；API 不受影响，下次启动时会重试。${reason}`,
      }),
    );
  }
}

/*
 * How the server stays small. Few malloc arenas and a small young generation hold it under 200 MB at rest; an old
 * generation that grows by 30 % at a time instead of doubling holds 1,000 streams at once to 60 % of the memory they
 * took without (`npm run bench -- --only c,d`). Answers cost no more for it. A young generation that NODE_OPTIONS
 * sets, and MALLOC_ARENA_MAX of the environment, count as ever.
 */
const memoryFlags = process.env.NODE_OPTIONS?.includes('semi-space')
  ? []
  : ['--max-semi-space-size=4', '--heap-growing-percent=30'];
const memoryEnv = { MALLOC_ARENA_MAX: '2' };

/** @param {string[]} args @param {boolean} watch */
function run(args, watch) {
  const bin = join(root, 'node_modules/.bin');
  const flags = watch ? ['--watch', '--watch-preserve-output'] : [];
  const child = spawn(
    nodeBinary(root),
    ['--disable-warning=ExperimentalWarning', ...memoryFlags, ...flags, ...args],
    {
      stdio: 'inherit',
      env: {
        ...memoryEnv,
        NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile'),
        ...process.env,
        PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      },
    },
  );
  forwardSignals(child);
  child.once('error', (error) =>
    stop(
      inLanguage({
        en: `The pinned Node could not be started: ${error.message}`,
        zh: `无法启动锁定版本的 Node：${error.message}`,
      }),
    ),
  );
  child.once('exit', (code, signal) => {
    process.exit(code ?? 128 + (signal ? constants.signals[signal] : 1));
  });
}

/**
 * npm and service managers signal this process only: the child is told once, and waited for. Ctrl-C in a terminal
 * reaches the child by itself, so telling it again would look like an impatient second Ctrl-C.
 * @param {import('node:child_process').ChildProcess} child
 */
function forwardSignals(child) {
  const terminal = Boolean(process.stdin.isTTY);
  /** @type {Set<string>} */
  const sent = new Set();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (sent.has(signal) || (signal === 'SIGINT' && terminal)) return;
      sent.add(signal);
      child.kill(signal);
    });
  }
}

async function main() {
  const args = process.argv.slice(2);
  if (Number(process.versions.node.split('.')[0]) < oldest) {
    stop(
      inLanguage({
        en: `Lectern needs Node ${oldest} or newer to start; this is ${process.version}. Get a current one from https://nodejs.org.`,
        zh: `Lectern 需要 Node ${oldest} 或更高版本才能启动，当前版本为 ${process.version}。请从 https://nodejs.org 获取新版本。`,
      }),
    );
  }
  if (!args.some((arg) => !arg.startsWith('--')))
    stop(
      inLanguage({
        en: 'Usage: node scripts/run.mjs [--console] [--watch] FILE [arguments…]',
        zh: '用法：node scripts/run.mjs [--console] [--watch] FILE [参数…]',
      }),
    );
  const first = args.findIndex((arg) => !arg.startsWith('--'));
  const own = new Set(args.splice(0, first));
  await prepare();
  if (own.has('--console')) await prepareConsole();
  run(args, own.has('--watch'));
}

main().catch((error) => stop(error instanceof Error ? error.message : String(error)));

import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../../config.ts';
import { leastFreeBytes } from '../../domain/health/readiness.ts';
import { databaseFile, secretFile } from '../../store/backup/layout.ts';
import { version } from '../../version.ts';
import { shownBytes } from '../bytes.ts';
import { type Finding, ok, problem, warning, wordsOf } from './finding.ts';

const littleMemory = 256 * 2 ** 20;
const littleDisk = 2 ** 30;
const shortToken = 16;
const clockSlackMs = 5 * 60_000;
/** No clock that is right shows a time before this program was written. */
const written = Date.UTC(2025, 0, 1);

/** Lectern, Node, memory. */
export function checkProgram(): Finding[] {
  const found = [
    ok('program', {
      en: `Lectern ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
      zh: `Lectern ${version}，Node ${process.versions.node}，${process.platform} ${process.arch}`,
    }),
  ];
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 24) {
    found.push(
      problem(
        'program',
        { en: `Node ${process.versions.node} is too old`, zh: `Node ${process.versions.node} 版本过低` },
        {
          en: 'Start with npm, which brings the Node that fits: npm start',
          zh: '请用 npm 启动，会自动使用合适的 Node：npm start',
        },
      ),
    );
  }
  const free = process.availableMemory();
  const facts = {
    en: `${shownBytes(free)} of ${shownBytes(totalmem())} memory available`,
    zh: `可用内存 ${shownBytes(free)}，共 ${shownBytes(totalmem())}`,
  };
  const advice = {
    en: 'Give the machine more memory or end what else runs there: large imports need some hundred MB.',
    zh: '请增加内存或结束其他程序：大型导入需要数百 MB。',
  };
  found.push(free < littleMemory ? warning('program', facts, advice) : ok('program', facts));
  return found;
}

/** What the schema of the settings cannot see: whether they make sense together. */
export function checkSettings(config: Config): Finding[] {
  const found: Finding[] = [];
  const { publicUrl, trustProxy, metricsToken, allowedOrigins } = config;
  if (publicUrl !== undefined && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? '')) {
    found.push(
      problem(
        'settings',
        { en: `PUBLIC_URL is no address: ${publicUrl}`, zh: `PUBLIC_URL 不是有效地址：${publicUrl}` },
        {
          en: 'Write it as users reach the server, such as https://lectern.example.org',
          zh: '请填写用户访问服务器的地址，例如 https://lectern.example.org',
        },
      ),
    );
  } else if (publicUrl?.startsWith('https:') && trustProxy === 0) {
    found.push(
      warning(
        'settings',
        {
          en: 'PUBLIC_URL is https, so a proxy stands before the server, but TRUST_PROXY is 0',
          zh: 'PUBLIC_URL 为 https，说明前面有代理，但 TRUST_PROXY 为 0',
        },
        {
          en: 'Set TRUST_PROXY to the number of your proxies: else every caller has the address of the proxy, and limits by address hit all of them together.',
          zh: '请将 TRUST_PROXY 设为代理层数，否则所有调用者都显示为代理的地址，按地址的限制会同时影响所有人。',
        },
      ),
    );
  }
  if (metricsToken !== undefined && metricsToken.length < shortToken) {
    found.push(
      warning(
        'settings',
        { en: 'METRICS_TOKEN is short enough to be guessed', zh: 'METRICS_TOKEN 过短，容易被猜到' },
        { en: 'Set a longer one: openssl rand -hex 24', zh: '请设置更长的令牌：openssl rand -hex 24' },
      ),
    );
  }
  for (const origin of allowedOrigins ?? []) {
    if (URL.parse(origin)?.origin === origin) continue;
    found.push(
      warning(
        'settings',
        {
          en: `ALLOWED_ORIGINS: ${origin} is no origin and matches nothing`,
          zh: `ALLOWED_ORIGINS：${origin} 不是有效来源，不会匹配任何请求`,
        },
        {
          en: 'Write scheme, host and port only, such as https://app.example.org',
          zh: '只填写协议、主机与端口，例如 https://app.example.org',
        },
      ),
    );
  }
  if (found.length === 0) found.push(ok('settings', { en: 'valid', zh: '有效' }));
  return found;
}

/** Whether the directory can be used, and by nobody else. */
export async function checkDirectory(dataDir: string): Promise<Finding[]> {
  const dir = resolve(dataDir);
  const found: Finding[] = [];
  try {
    const facts = await stat(dir);
    if (!facts.isDirectory()) return [noDirectory(dir)];
    await access(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    found.push(ok('directory', { en: `${dir} can be written to`, zh: `${dir} 可写` }));
    found.push(...openToOthers(dir, facts.mode, '700'));
  } catch (thrown) {
    return [unusable(dir, thrown)];
  }
  for (const name of [secretFile, databaseFile, `${databaseFile}-wal`]) {
    const facts = await stat(join(dir, name)).catch(() => undefined);
    if (facts) found.push(...openToOthers(join(dir, name), facts.mode, '600'));
  }
  return found;
}

function noDirectory(dir: string): Finding {
  return problem(
    'directory',
    { en: `${dir} is a file, no directory`, zh: `${dir} 是文件，不是目录` },
    { en: 'Name a directory (--data, DATA_DIR).', zh: '请指定一个目录（--data、DATA_DIR）。' },
  );
}

function unusable(dir: string, thrown: unknown): Finding {
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOTDIR') return noDirectory(dir);
  const { en, zh } = wordsOf(thrown);
  if (code === 'ENOENT') {
    return problem(
      'directory',
      { en: `${dir} does not exist`, zh: `${dir} 不存在` },
      {
        en: 'Name the directory that holds the data (--data, DATA_DIR), or start the server once: it makes it.',
        zh: '请指定保存数据的目录（--data、DATA_DIR），或启动一次服务器以创建它。',
      },
    );
  }
  const advice =
    code === 'EROFS'
      ? {
          en: 'Mount the disk so that it can be written to, or name another directory (--data).',
          zh: '请以可写方式挂载磁盘，或用 --data 指定其他目录。',
        }
      : {
          en: 'Run this as the user of the server, give that user the right to read and write there, or name another directory (--data).',
          zh: '请以服务器用户运行，授予该用户读写权限，或用 --data 指定其他目录。',
        };
  return problem('directory', { en: `${dir} cannot be used: ${en}`, zh: `${dir} 无法使用：${zh}` }, advice);
}

function openToOthers(path: string, mode: number, wanted: string): Finding[] {
  if ((mode & 0o077) === 0 || process.platform === 'win32') return [];
  return [
    warning(
      'directory',
      {
        en: `${path} is open to other users of this machine`,
        zh: `本机其他用户可以访问 ${path}`,
      },
      { en: `Close it: chmod ${wanted} ${path}`, zh: `请收紧权限：chmod ${wanted} ${path}` },
    ),
  ];
}

/** Room on the disk of the directory. */
export async function checkDisk(dataDir: string): Promise<Finding[]> {
  const { bavail, bsize, blocks, files, ffree } = await statfs(dataDir);
  const free = bavail * bsize;
  const text = {
    en: `${shownBytes(free)} of ${shownBytes(blocks * bsize)} free`,
    zh: `剩余 ${shownBytes(free)}，共 ${shownBytes(blocks * bsize)}`,
  };
  const advice = {
    en: 'Make room, or move the data to a larger disk (backup, then restore there). Below 64 MB the server says that it is not ready.',
    zh: '请腾出空间，或将数据移到更大的磁盘（先备份，再在新位置恢复）。低于 64 MB 时服务器会报告未就绪。',
  };
  if (free < leastFreeBytes) return [problem('disk', text, advice)];
  if (files > 0 && ffree < 1000) {
    return [
      problem(
        'disk',
        { en: `only ${ffree} more files can be made`, zh: `仅能再创建 ${ffree} 个文件` },
        advice,
      ),
    ];
  }
  return [free < littleDisk ? warning('disk', text, advice) : ok('disk', text)];
}

/** Holds the clock against the times that were written: sessions and keys end by it. `latest` is the newest of them. */
export function checkClock(latest: number, now: number): Finding[] {
  const advice = {
    en: 'Set the clock of the machine (NTP): keys and sessions expire by it, and everything is sorted by it.',
    zh: '请校准机器时钟（NTP）：密钥与会话按它过期，所有内容按它排序。',
  };
  const shown = new Date(now).toISOString();
  if (now < written) {
    return [problem('clock', { en: `it shows ${shown}`, zh: `显示为 ${shown}` }, advice)];
  }
  if (latest - now > clockSlackMs) {
    const seen = new Date(latest).toISOString();
    return [
      warning(
        'clock',
        {
          en: `it shows ${shown}, but data was written at ${seen}`,
          zh: `显示为 ${shown}，但有数据写于 ${seen}`,
        },
        advice,
      ),
    ];
  }
  return [ok('clock', { en: shown, zh: shown })];
}

import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { sumOf } from '../../store/backup/layout.ts';
import { blobKeysOf } from '../../store/backup/take.ts';
import type { NamedFile } from '../../store/sqlite/inspect.ts';
import { shownBytes } from '../bytes.ts';
import { type Finding, ok, problem, warning, wordsOf } from './finding.ts';

const dayMs = 86_400_000;
const shown = 3;

/** Files that nobody names, and are too old to belong to an upload that is going on. */
interface Leftovers {
  paths: string[];
  bytes: number;
}

/**
 * Holds the files of users against the rows that name them. `listNamed` is asked after the directory was listed: a
 * file that came meanwhile is then not taken for one that nobody names. With `sweep` those that nobody names go.
 */
export async function checkFiles(
  dataDir: string,
  listNamed: () => Promise<NamedFile[]> | NamedFile[],
  options: { sweep: boolean; deep: boolean; now: number },
): Promise<Finding[]> {
  try {
    const keys = await blobKeysOf(dataDir);
    const parts = await partsOf(dataDir);
    const named = await listNamed();
    const names = new Set(named.map(({ blobKey }) => blobKey));
    const others = keys.filter((key) => !names.has(key)).map((key) => join(dataDir, 'blobs', key));
    const left = await olderThanADay([...others, ...parts], options.now);
    return [...(await checkNamed(dataDir, named, options.deep)), ...(await handle(left, options.sweep))];
  } catch (thrown) {
    return [
      problem(
        'files',
        { en: `cannot be read: ${wordsOf(thrown).en}`, zh: `无法读取：${wordsOf(thrown).zh}` },
        {
          en: `Give the user of the server the right to read and write ${join(dataDir, 'blobs')} and all below.`,
          zh: `请授予服务器用户读写 ${join(dataDir, 'blobs')} 及其全部内容的权限。`,
        },
      ),
    ];
  }
}

async function checkNamed(dataDir: string, named: NamedFile[], deep: boolean): Promise<Finding[]> {
  const wrong: NamedFile[] = [];
  for (const file of named) if (!(await isWhole(dataDir, file, deep))) wrong.push(file);
  const compared = deep
    ? { en: '(sizes and contents compared)', zh: '（已比较大小与内容）' }
    : { en: '(only sizes compared; --deep reads the contents)', zh: '（仅比较大小；--deep 比较内容）' };
  if (wrong.length === 0) {
    const all = {
      en: `all ${named.length} are there ${compared.en}`,
      zh: `${named.length} 个文件全部存在${compared.zh}`,
    };
    return [ok('files', all)];
  }
  // By name, so that the same damage is told in the same words.
  const some = wrong
    .map(shownFile)
    .sort((a, b) => (a.en < b.en ? -1 : 1))
    .slice(0, shown);
  return [
    problem(
      'files',
      {
        en: `${wrong.length} of ${named.length} are missing or changed ${compared.en}: ${some.map(({ en }) => en).join('; ')}`,
        zh: `${named.length} 个文件中有 ${wrong.length} 个缺失或被改动${compared.zh}：${some.map(({ zh }) => zh).join('；')}`,
      },
      {
        en: 'Bring them back from a backup into the folder "blobs", or upload them again. Without them documents are found and cited as before, but cannot be imported again.',
        zh: '请从备份恢复到 blobs 文件夹，或重新上传。缺少它们时文档仍可检索与引用，但无法重新导入。',
      },
    ),
  ];
}

/** Whether the file is there as it was stored; `deep` reads it, which takes as long as the disk does. */
async function isWhole(
  dataDir: string,
  { blobKey, size, hash, needed }: NamedFile,
  deep: boolean,
): Promise<boolean> {
  const path = join(dataDir, 'blobs', blobKey);
  const found = await stat(path).catch(() => undefined);
  if (!found) return !needed;
  if (found.size !== size) return false;
  return !deep || (await sumOf(path)) === hash;
}

/** What a person knows the file by, and where it lies. */
function shownFile({ name, blobKey, collections }: NamedFile): Text {
  const of = collections.slice(0, shown).map((one) => `"${one.name}" ${one.id}`);
  if (of.length === 0) return { en: `${name} (${blobKey})`, zh: `${name}（${blobKey}）` };
  return {
    en: `${name} of collection ${of.join(', ')} (${blobKey})`,
    zh: `集合 ${of.join('、')} 的 ${name}（${blobKey}）`,
  };
}

/** Uploads that were cut off while their file was copied. */
async function partsOf(dataDir: string): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.part'))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function olderThanADay(paths: string[], now: number): Promise<Leftovers> {
  const left: Leftovers = { paths: [], bytes: 0 };
  for (const path of paths) {
    const facts = await stat(path).catch(() => undefined);
    if (!facts || now - facts.mtimeMs < dayMs) continue;
    left.paths.push(path);
    left.bytes += facts.size;
  }
  return left;
}

async function handle({ paths, bytes }: Leftovers, sweep: boolean): Promise<Finding[]> {
  const facts = {
    en: `${paths.length} that nothing names (${shownBytes(bytes)})`,
    zh: `${paths.length} 个未被引用（${shownBytes(bytes)}）`,
  };
  if (paths.length === 0) return [];
  if (!sweep) {
    return [
      warning('files', facts, {
        en: 'Uploads that were cut off leave them. Remove them: npm run lectern -- doctor --sweep',
        zh: '中断的上传会留下这类文件，可清除：npm run lectern -- doctor --sweep',
      }),
    ];
  }
  for (const path of paths) await rm(path, { force: true });
  return [ok('files', { en: `${facts.en}: removed`, zh: `${facts.zh}：已清除` })];
}

/** What earlier starts, restores and copies have left in the data directory. */
export async function checkLeftovers(dataDir: string, now: number): Promise<Finding[]> {
  const names = await readdir(dataDir).catch(() => []);
  const found: Finding[] = [];
  const aside = names.filter((name) => name.startsWith('before-restore-'));
  if (aside.length > 0) {
    found.push(
      warning(
        'directory',
        { en: `data from before a restore: ${aside.join(', ')}`, zh: `恢复之前的数据：${aside.join(', ')}` },
        { en: 'Delete it when you no longer need it.', zh: '不再需要时请删除。' },
      ),
    );
  }
  const temporary = await readdir(join(dataDir, 'tmp')).catch(() => []);
  const { paths } = await olderThanADay(
    temporary.map((name) => join(dataDir, 'tmp', name)),
    now,
  );
  if (paths.length > 0) {
    found.push(
      warning(
        'directory',
        {
          en: `${paths.length} old entries in ${join(dataDir, 'tmp')}`,
          zh: `${join(dataDir, 'tmp')} 中有 ${paths.length} 个旧条目`,
        },
        {
          en: 'The next start of the server clears them away.',
          zh: '服务器下次启动时会清除。',
        },
      ),
    );
  }
  return found;
}

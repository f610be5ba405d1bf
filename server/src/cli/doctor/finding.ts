import type { Text } from '@lectern/contract/lang.ts';
import { AppError } from '../../kernel/errors.ts';
import { StoreStartError } from '../../store/errors.ts';

/** What the doctor looks at, in the order in which it says so. */
export const areas = {
  program: { en: 'program', zh: '程序' },
  settings: { en: 'settings', zh: '设置' },
  server: { en: 'server', zh: '服务器' },
  directory: { en: 'directory', zh: '目录' },
  disk: { en: 'disk', zh: '磁盘' },
  clock: { en: 'clock', zh: '时钟' },
  store: { en: 'store', zh: '存储' },
  index: { en: 'index', zh: '索引' },
  files: { en: 'files', zh: '文件' },
  models: { en: 'models', zh: '模型' },
} satisfies Record<string, Text>;

/** One thing that was looked at. */
export interface Finding {
  area: keyof typeof areas;
  level: 'ok' | 'warning' | 'problem';
  text: Text;
  /** What to do about it. */
  advice?: Text;
}

export const ok = (area: Finding['area'], text: Text): Finding => ({ area, level: 'ok', text });
export const warning = (area: Finding['area'], text: Text, advice: Text): Finding => ({
  area,
  level: 'warning',
  text,
  advice,
});
export const problem = (area: Finding['area'], text: Text, advice: Text): Finding => ({
  area,
  level: 'problem',
  text,
  advice,
});

const systemErrors: Record<string, Text> = {
  EACCES: { en: 'this user has no right to', zh: '当前用户没有权限' },
  EPERM: { en: 'this user has no right to', zh: '当前用户没有权限' },
  EROFS: { en: 'the disk is read-only', zh: '磁盘为只读' },
  ENOENT: { en: 'it does not exist', zh: '不存在' },
  ENOTDIR: { en: 'it is a file, no directory', zh: '它是文件，不是目录' },
  EIO: { en: 'the disk answers with errors', zh: '磁盘返回错误' },
};

/** The words of an error for a person, without a stack. */
export function wordsOf(thrown: unknown): Text {
  if (thrown instanceof StoreStartError) return thrown.text;
  if (thrown instanceof AppError) return { en: thrown.text('en'), zh: thrown.text('zh') };
  const known = systemErrors[(thrown as NodeJS.ErrnoException | undefined)?.code ?? ''];
  if (known) return known;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { en: message, zh: message };
}

/** One check; when it cannot be made, it says so and the others go on. */
export async function examined(
  area: Finding['area'],
  check: () => Finding[] | Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check();
  } catch (thrown) {
    const words = wordsOf(thrown);
    const text = { en: `could not be examined: ${words.en}`, zh: `无法检查：${words.zh}` };
    const code = (thrown as NodeJS.ErrnoException | undefined)?.code ?? '';
    const outside = thrown instanceof StoreStartError || thrown instanceof AppError || code in systemErrors;
    const advice = outside
      ? { en: 'Mend what is said here and run the doctor again.', zh: '请先处理上述问题，然后重新检查。' }
      : { en: 'Report this as a bug.', zh: '请将此作为缺陷反馈。' };
    return [problem(area, text, advice)];
  }
}

import type { Text } from '@lectern/contract/lang.ts';

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

/** The words of an error for a person, without a stack. */
export function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

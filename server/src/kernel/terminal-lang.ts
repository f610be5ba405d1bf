import type { Lang } from '@lectern/contract/lang.ts';

/** The language of a person at a terminal: Chinese when the locale says so, else English. */
export function terminalLang(env: Record<string, string | undefined>): Lang {
  return /^zh/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'zh' : 'en';
}

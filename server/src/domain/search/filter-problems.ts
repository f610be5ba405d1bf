import type { Text } from '@lectern/contract/lang.ts';
import type { z } from 'zod';

/** Of a list this long the names of what was not understood are enough. */
const mostProblems = 3;
/** Characters of a name that somebody made up. */
const shownCharacters = 100;

/** What is wrong with a filter, and where, for whoever wrote it. */
export function filterProblems({ issues }: z.core.$ZodError): Text {
  const told = issues.slice(0, mostProblems).map((issue) => {
    const place = shown(issue.path.join('.'));
    const { en, zh } = problemOf(issue);
    return { en: `${place || 'the filter'}: ${en}`, zh: `${place || '过滤条件'}：${zh}` };
  });
  return { en: told.map(({ en }) => en).join('; '), zh: told.map(({ zh }) => zh).join('；') };
}

/** Why a text is no JSON5; the reader of it names the place. */
export function notReadable(error: unknown): Text {
  const { lineNumber, columnNumber } = error as { lineNumber?: unknown; columnNumber?: unknown };
  return typeof lineNumber === 'number' && typeof columnNumber === 'number'
    ? {
        en: `it is no JSON5, see line ${lineNumber}, character ${columnNumber}`,
        zh: `不是有效的 JSON5，见第 ${lineNumber} 行第 ${columnNumber} 个字符`,
      }
    : { en: 'it is no JSON5', zh: '不是有效的 JSON5' };
}

export const tooLong = (most: number): Text => ({
  en: `as JSON5 it is longer than ${most} characters; only JSON may be`,
  zh: `JSON5 文本超过 ${most} 个字符，更长的须为 JSON`,
});
export const tooDeep: Text = {
  en: 'too many objects and lists lie in each other',
  zh: '对象和列表嵌套过深',
};
export const tooManyValues = (most: number): Text => ({
  en: `metadata: there are more than ${most} values`,
  zh: `metadata：超过 ${most} 个值`,
});

const shown = (text: string): string => text.slice(0, shownCharacters).toWellFormed();

const kinds: Record<string, Text> = {
  string: { en: 'must be a text', zh: '必须是文本' },
  number: { en: 'must be a number', zh: '必须是数字' },
  boolean: { en: 'must be true or false', zh: '必须是 true 或 false' },
  array: { en: 'must be a list', zh: '必须是列表' },
  object: { en: 'must be an object', zh: '必须是对象' },
  record: { en: 'must be an object', zh: '必须是对象' },
};
const noDate: Text = { en: 'is no date such as 2026-01-31', zh: '不是日期，日期应写作 2026-01-31' };
const noValue: Text = {
  en: 'must be a text, a number, true, false or null, or an object of conditions such as {"$gte": 10}',
  zh: '必须是文本、数字、true、false 或 null，或条件对象，如 {"$gte": 10}',
};

function problemOf(issue: z.core.$ZodIssue): Text {
  const [part, name] = issue.path;
  if (issue.code === 'unrecognized_keys') return unknownNames(issue.keys);
  if (issue.code === 'too_big') {
    const most = Number(issue.maximum);
    return issue.origin === 'array'
      ? { en: `has more than ${most} entries`, zh: `超过 ${most} 项` }
      : { en: `is longer than ${most} characters`, zh: `超过 ${most} 个字符` };
  }
  if (part === 'createTime' && name !== undefined) return noDate;
  if (issue.code === 'invalid_format') {
    return { en: 'is no id of 24 hexadecimal characters', zh: '不是 24 位十六进制的 id' };
  }
  if (issue.code === 'invalid_key') {
    return { en: 'the name is longer than 200 characters', zh: '名称超过 200 个字符' };
  }
  if (issue.code === 'invalid_union') return inConditions(issue) ?? noValue;
  if (issue.code === 'custom') return { en: 'has more than 50 names', zh: '超过 50 个名称' };
  const expected = issue.code === 'invalid_type' ? kinds[issue.expected] : undefined;
  return expected ?? { en: 'cannot be read', zh: '无法识别' };
}

function unknownNames(keys: string[]): Text {
  const names = keys.slice(0, mostProblems).map(shown).join(', ');
  return { en: `there is no ${names}`, zh: `没有 ${names}` };
}

/** What is wrong inside an object of conditions; undefined where it is none. */
function inConditions({ errors }: z.core.$ZodIssueInvalidUnion): Text | undefined {
  const inside = errors.flat().find(({ code, path }) => code === 'unrecognized_keys' || path.length > 0);
  if (!inside) return undefined;
  const { en, zh } = problemOf({ ...inside, path: ['metadata', ...inside.path] } as z.core.$ZodIssue);
  const place = shown(inside.path.join('.'));
  return place === '' ? { en, zh } : { en: `${place} ${en}`, zh: `${place} ${zh}` };
}

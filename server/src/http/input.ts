import type { AnyEndpoint } from '@lectern/contract/endpoint.ts';
import { messages } from '@lectern/contract/fields.ts';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import { z } from 'zod';
import { type FieldProblem, fail } from '../kernel/errors.ts';

const ownMessages = new Map<string, string>(Object.values(messages).map(({ en, zh }) => [en, zh]));

const messagesIn = { en: undefined, zh: z.locales.zhCN().localeError } as const;

/** Reads all declared parameters of an endpoint from wherever the caller put them (ruling 4). */
export type InputParser = (
  sources: { query: unknown; body: unknown; params: unknown; form?: unknown },
  lang: Lang,
) => Record<string, unknown>;

const asObject = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

/** Builds the parser once per endpoint. It fails with missingParams or validation, naming every wrong field. */
export function inputParser(endpoint: AnyEndpoint): InputParser {
  const schemas: z.ZodObject[] = [
    endpoint.query,
    endpoint.body,
    endpoint.params,
    endpoint.multipart?.data,
  ].filter((s) => s !== undefined);
  return ({ query, body, params, form }, lang) => {
    if (body !== undefined && body !== null && (typeof body !== 'object' || Array.isArray(body))) {
      const problem = {
        path: [],
        code: 'invalid_type',
        expected: 'object',
        message: lang === 'zh' ? '请求体必须是 JSON 对象' : 'the body must be a JSON object',
      };
      throw fail('validation', { params: { details: problem.message }, problems: [problem] });
    }
    const given = { ...asObject(query), ...asObject(body), ...asObject(form), ...asObject(params) };
    const input: Record<string, unknown> = {};
    const problems: FieldProblem[] = [];
    for (const schema of schemas) {
      const parsed = schema.safeParse(given, messagesIn[lang] && { error: messagesIn[lang] });
      if (parsed.success) Object.assign(input, parsed.data);
      else problems.push(...parsed.error.issues.map((issue) => asProblem(issue, lang)));
    }
    if (problems.length > 0) throw inputError(problems, given);
    return input;
  };
}

/** Counted characters say less of a text that must hold some. */
const empty: Text = { en: 'must not be empty', zh: '不能为空' };
const isEmpty = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'too_small' &&
  (issue.origin === 'string' || issue.origin === 'array') &&
  Number(issue.minimum) === 1;

function asProblem(issue: z.core.$ZodIssue, lang: Lang): FieldProblem {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const expected = 'expected' in issue ? { expected: String(issue.expected) } : {};
  const message = isEmpty(issue)
    ? empty[lang]
    : (lang === 'zh' && ownMessages.get(issue.message)) || issue.message;
  return { path, message, code: issue.code, ...expected };
}

function inputError(problems: FieldProblem[], given: Record<string, unknown>) {
  const isMissing = (p: FieldProblem) =>
    valueAt(given, p.path) === undefined || valueAt(given, p.path) === null;
  const missing = problems.find((p) => p.path.length > 0 && isMissing(p));
  const param = String((missing ?? problems[0])?.path[0] ?? '');
  if (missing) return fail('missingParams', { params: { field: missing.path.join('.') }, problems, param });
  const details = problems
    .slice(0, 5)
    .map((p) => (p.path.length > 0 ? `${p.path.join('.')}: ${p.message}` : p.message))
    .join('; ');
  return fail('validation', { params: { details }, problems, param });
}

function valueAt(root: unknown, path: (string | number)[]): unknown {
  let value = root;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

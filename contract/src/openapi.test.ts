import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { contract } from './contract.ts';
import type { AnyEndpoint } from './endpoint.ts';
import { buildOpenApi } from './openapi.ts';

interface Operation {
  operationId: string;
  deprecated?: boolean;
  summary: string;
  description: string;
  'x-callers': string[];
  responses: Record<string, unknown>;
  'x-codeSamples': { source: string }[];
}
const paths = (lang: 'en' | 'zh') =>
  buildOpenApi(contract, { lang, version: '1' }).paths as Record<string, Record<string, Operation>>;
const english = paths('en');
const chinese = paths('zh');
const entries: [string, AnyEndpoint][] = Object.entries(contract);

describe.each(entries)('%s', (operation, endpoint) => {
  const at = english[endpoint.path]?.[endpoint.method.toLowerCase()];

  test('stands in the document with its callers, errors and a runnable example', () => {
    expect(at?.operationId).toBe(operation);
    expect(at?.['x-callers']).toEqual(endpoint.callers);
    expect(at?.['x-codeSamples'][0]?.source).toMatch(/^curl -X (GET|POST|PUT|DELETE) (-T \S+ )?"http/);
    const statuses = Object.keys(at?.responses ?? {});
    expect(statuses).toContain('400');
    if (!endpoint.callers.includes('public'))
      expect(statuses).toEqual(expect.arrayContaining(['401', '403']));
  });

  test('has its aliases as deprecated operations', () => {
    for (const alias of endpoint.aliases ?? []) {
      expect(english[alias.path]?.[alias.method.toLowerCase()]?.deprecated, alias.path).toBe(true);
    }
  });

  test('speaks Chinese in the Chinese document', () => {
    const zh = chinese[endpoint.path]?.[endpoint.method.toLowerCase()];
    expect(zh?.summary).toMatch(/[\u4e00-\u9fff]/);
    expect(zh?.description).toMatch(/[\u4e00-\u9fff]/);
  });

  test('gives an example of request and answer', () => {
    const takesInput = Object.keys({ ...endpoint.query?.shape, ...endpoint.body?.shape }).length > 0;
    if (takesInput) expect(endpoint.example?.request, 'example.request').toBeDefined();
    if (endpoint.response.kind !== 'raw' && !(endpoint.response.schema instanceof z.ZodNever))
      expect(endpoint.example, 'example.response').toHaveProperty('response');
  });

  test('answers its own example', () => {
    if (endpoint.example?.response === undefined) return;
    const parsed = endpoint.response.schema.safeParse(endpoint.example.response);
    expect(parsed.success, parsed.success ? '' : parsed.error.message).toBe(true);
  });
});

test('operation ids are unique', () => {
  const ids = Object.values(english).flatMap((path) => Object.values(path).map((o) => o.operationId));
  expect(new Set(ids).size).toBe(ids.length);
});

test('the Chinese document describes every field in Chinese, and the English one in English', () => {
  const descriptions = (node: unknown): string[] =>
    node === null || typeof node !== 'object'
      ? []
      : Object.entries(node).flatMap(([key, value]) =>
          key === 'description' && typeof value === 'string'
            ? [value]
            : /^(example|examples|value)$/.test(key)
              ? []
              : descriptions(value),
        );
  const inLanguage = (lang: 'en' | 'zh') => buildOpenApi(contract, { lang, version: '1' });
  const chineseLetter = /\p{Script=Han}/u;
  const zh = descriptions(inLanguage('zh'));
  expect(zh.length).toBeGreaterThan(300);
  // The text of a conflict is nothing but its details.
  const unlike = (text: string) => !chineseLetter.test(text.replaceAll('{details}', '字'));
  expect(zh.filter(unlike)).toEqual([]);
  expect(descriptions(inLanguage('en')).filter((text) => chineseLetter.test(text))).toEqual([]);
  expect(JSON.stringify([inLanguage('zh'), inLanguage('en')])).not.toContain('x-zh');
});

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { contract } from '@lectern/contract/contract.ts';
import type { AnyEndpoint } from '@lectern/contract/endpoint.ts';
import { expect, test } from 'vitest';
import { ownProofs, parseRows, proofs, renderCompatibility, stateOf } from './compatibility.ts';

const header = 'area\tmethods\tpath\taliases\tcallers\tcommercial\tpurpose\tplanned\n';
const row = (line: string) => {
  const [parsed] = parseRows(header + line);
  if (!parsed) throw new Error('no row');
  return parsed;
};
const served = (method: string, path: string, aliases: { method: string; path: string }[] = []) => ({
  operation: 'op',
  method,
  path,
  aliases,
  callers: ['session'],
});
const chat = row(
  'chat\tPUT\tcore/chat/update\tPOST core/chat/update; POST,PUT /old/{id}\tglobal\ty\trename\tlater',
);

test('a row names its routes in full, with every older path and method', () => {
  expect(chat.path).toBe('/api/core/chat/update');
  expect(chat.aliases).toEqual([
    { method: 'POST', path: '/api/core/chat/update' },
    { method: 'POST', path: '/old/{id}' },
    { method: 'PUT', path: '/old/{id}' },
  ]);
});

test('a row is done only when every route of it is declared', () => {
  const all = [served('PUT', '/api/core/chat/update', [{ method: 'PUT', path: '/old/{chatId}' }])];
  expect(stateOf(chat, all).state).toBe('done');
  expect(stateOf(chat, [served('PUT', '/api/core/chat/update')])).toMatchObject({
    state: 'partly',
    missing: [
      { method: 'POST', path: '/old/{id}' },
      { method: 'PUT', path: '/old/{id}' },
    ],
  });
  expect(stateOf(chat, []).state).toBe('planned');
});

test('a route with two methods is not done with one of them', () => {
  const two = row('a\tGET,DELETE\tv1/files/{id}\t\tglobal\tn\tfile\tlater');
  expect(stateOf(two, [served('GET', '/api/v1/files/{fileId}')])).toMatchObject({
    state: 'partly',
    missing: [{ method: 'DELETE', path: '/api/v1/files/{id}' }],
  });
});

/** How the official OpenAI package names what it calls. */
const sdkCalls: Record<string, string[]> = {
  createChatCompletion: ['chat.completions.create'],
  listModels: ['models.list'],
  getModel: ['models.retrieve'],
};

test('the test named for an area calls every route of it that is served', () => {
  const rows = parseRows(
    readFileSync(resolve(import.meta.dirname, '../../docs/compatibility-rows.tsv'), 'utf8'),
  );
  const endpoints: [string, AnyEndpoint][] = Object.entries(contract);
  const unproved = endpoints.flatMap(([operation, { method, path, aliases = [], callers }]) => {
    const served = [{ operation, method, path, aliases, callers }];
    const area = rows.find((row) => stateOf(row, served).operations.length > 0)?.area ?? '';
    const file = ownProofs[operation] ?? proofs[area] ?? '';
    const proof = readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8');
    // Tests of one resource may leave out what its paths have in common; a parameter stands for anything.
    const end = path.split('/').filter(Boolean).slice(-2).join('/').split('/{')[0] ?? '';
    const last = end.split('/').at(-1);
    const calls = [operation, end, ...(sdkCalls[operation] ?? [])].map((call) => call.replaceAll('.', '\\.'));
    const called = new RegExp(`(?<!\\w)(${calls.join('|')})(?![\\w/])|['"\`}]/?${last}['"\`?$]`).test(proof);
    return called ? [] : [`${method} ${path} in ${file}`];
  });
  expect(unproved).toEqual([]);
});

test('a malformed line is named', () => {
  expect(() => parseRows(`${header}a\tGET\n`)).toThrow('line 2');
});

test('every row of the committed table is shown', () => {
  const rows = parseRows(
    readFileSync(resolve(import.meta.dirname, '../../docs/compatibility-rows.tsv'), 'utf8'),
  );
  expect(rows.length).toBeGreaterThan(300);
  const page = renderCompatibility(rows, []);
  expect(page).toContain(`**0 of ${rows.length} rows done.**`);
  expect(page.match(/planned: /g)).toHaveLength(rows.length);
});

/** As the table writes them: `global:apps:write` is a global key with that scope. */
const callersOf = ({ callers, scope }: AnyEndpoint) =>
  callers.map((caller) => (caller === 'global' && scope ? `${caller}:${scope}` : caller)).toSorted();

test('what the contract declares is open to exactly the callers the table names, and stands in the table', () => {
  const rows = parseRows(
    readFileSync(resolve(import.meta.dirname, '../../docs/compatibility-rows.tsv'), 'utf8'),
  );
  const endpoints: [string, AnyEndpoint][] = Object.entries(contract);
  const all = endpoints.map(([operation, { method, path, aliases = [], callers }]) => ({
    operation,
    method,
    path,
    aliases,
    callers,
  }));
  const seen = new Set<string>();
  for (const row of rows) {
    for (const operation of stateOf(row, all).operations) {
      seen.add(operation);
      const endpoint = endpoints.find(([name]) => name === operation)?.[1];
      expect(endpoint && callersOf(endpoint), row.path).toEqual(row.callers.toSorted());
    }
  }
  expect(endpoints.map(([operation]) => operation).filter((operation) => !seen.has(operation))).toEqual([]);
});

test('every area has a name that people read', () => {
  const text = readFileSync(resolve(import.meta.dirname, '../../docs/compatibility.md'), 'utf8');
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading ?? '');
  expect(headings.length).toBeGreaterThan(20);
  expect(headings.filter((heading) => !/^[A-Z]/.test(heading))).toEqual([]);
});

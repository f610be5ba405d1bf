import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { contract } from '@lectern/contract/contract.ts';
import type { AnyEndpoint } from '@lectern/contract/endpoint.ts';
import { expect, test } from 'vitest';
import { parseRows, renderCompatibility, stateOf, testsOf } from './compatibility.ts';

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

test('the test shown for a row is the one that uses its route most, not one of a longer path', () => {
  const create = row('a\tPOST\tcore/dataset/create\t\tglobal\tn\tmake\tlater');
  const tests = [
    { path: 'a.test.ts', text: "post('/api/core/dataset/create')" },
    {
      path: 'b.test.ts',
      text: "post('/api/core/dataset/create'); client.createDataset(); client.createDataset()",
    },
    {
      path: 'c.test.ts',
      text: "post('/api/core/dataset/create/text'); post('/api/core/dataset/createWithFiles')",
    },
  ];
  expect(testsOf(create, ['createDataset'], tests)).toEqual(['b.test.ts', 'a.test.ts']);
});

test('a test of the area comes before others, and may leave out the beginning of a path', () => {
  const list = row('collection\tPOST\tcore/dataset/collection/listV2\t\tglobal\tn\tlist\tlater');
  const tests = [
    { path: 'server/src/api/chats.test.ts', text: 'listCollections(); listCollections(); listCollections()' },
    { path: 'server/src/api/knowledge.test.ts', text: "post('/collection/listV2')" },
  ];
  expect(testsOf(list, ['listCollections'], tests)[0]).toBe('server/src/api/knowledge.test.ts');
});

test('a test with a concrete id proves a route with a parameter', () => {
  const model = row('a\tGET\tv1/models/{model}\t\tglobal\tn\tone\tlater');
  expect(testsOf(model, [], [{ path: 'a.test.ts', text: "get('/v1/models/abc')" }])).toEqual(['a.test.ts']);
});

test('a malformed line is named', () => {
  expect(() => parseRows(`${header}a\tGET\n`)).toThrow('line 2');
});

test('every row of the committed table is shown', () => {
  const rows = parseRows(
    readFileSync(resolve(import.meta.dirname, '../../docs/compatibility-rows.tsv'), 'utf8'),
  );
  expect(rows.length).toBeGreaterThan(300);
  const page = renderCompatibility(rows, [], []);
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

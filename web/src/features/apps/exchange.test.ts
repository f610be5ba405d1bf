import { describe, expect, test } from 'vitest';
import { exportFileName, exportText, parseImport, withoutDatasets } from './exchange.ts';

const node = { nodeId: 'a', name: '', flowNodeType: 'workflowStart', inputs: [], outputs: [] };

describe('an import', () => {
  test.each([
    ['an export of the editor', { nodes: [node], edges: [], chatConfig: { welcomeText: 'Hi' } }],
    ['a template', { name: 'T', workflow: { nodes: [node], edges: [] }, chatConfig: { welcomeText: 'Hi' } }],
    ['an older one', { modules: [node], chatConfig: { welcomeText: 'Hi' } }],
  ])('reads %s', (_what, file) => {
    expect(parseImport(JSON.stringify(file))).toMatchObject({
      ok: true,
      document: { nodes: [node], edges: [], chatConfig: { welcomeText: 'Hi' } },
    });
  });

  test.each([
    ['{', 'json'],
    ['', 'json'],
    ['[]', 'nodes'],
    ['{"nodes":[]}', 'nodes'],
    ['{"nodes":[1]}', 'nodes'],
    ['{"name":"x"}', 'nodes'],
    ['null', 'nodes'],
  ])('refuses %j', (text, reason) => {
    expect(parseImport(text)).toEqual({ ok: false, reason });
  });

  test('takes out the datasets of another server', () => {
    const search = {
      ...node,
      inputs: [
        { key: 'datasets', value: [{ datasetId: 'x' }] },
        { key: 'more', valueType: 'selectDataset', value: [{ datasetId: 'y' }] },
        { key: 'limit', value: 5 },
      ],
    };
    const { nodes } = withoutDatasets({ nodes: [search], edges: [], chatConfig: {} });
    expect(nodes[0]?.inputs.map(({ value }) => value)).toEqual([[], [], 5]);
  });
});

test('an export reads as the same app', () => {
  const app = { name: 'A', intro: 'b', type: 'simple', modules: [node], edges: [], chatConfig: { x: 1 } };
  const text = exportText(app as never);
  expect(parseImport(text)).toEqual({
    ok: true,
    name: 'A',
    intro: 'b',
    type: 'simple',
    document: { nodes: [node], edges: [], chatConfig: { x: 1 } },
  });
});

test('file names are taken by every file system', () => {
  expect(exportFileName('a/b: "c"\n')).toBe('a b c.json');
  expect(exportFileName('帮助')).toBe('帮助.json');
  expect(exportFileName('//')).toBe('app.json');
});

import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { describe, expect, test } from 'vitest';
import { inputValue, readSimpleApp } from './read.ts';
import { defaultSearch, type SimpleSettings } from './settings.ts';
import { writeSimpleApp } from './write.ts';

const dataset = '6743e3f2a1b2c3d4e5f60718';
const other = '6743e3f2a1b2c3d4e5f60719';
const input = (key: string, value?: unknown) => ({
  key,
  valueType: 'any',
  ...(value !== undefined && { value }),
});

const start = {
  nodeId: 's',
  name: 'Start',
  flowNodeType: 'workflowStart',
  position: { x: 0, y: 0 },
  inputs: [input('userChatInput')],
  outputs: [{ id: 'userChatInput', key: 'userChatInput' }],
};
const guide = { nodeId: 'g', name: 'System', flowNodeType: 'userGuide', inputs: [], outputs: [] };
const chat = (...more: ReturnType<typeof input>[]) => ({
  nodeId: 'c',
  name: 'AI',
  flowNodeType: 'chatNode',
  position: { x: 1000, y: 0 },
  avatar: 'kept',
  inputs: [input('systemPrompt', 'Be kind.'), input('userChatInput', ['s', 'userChatInput']), ...more],
  outputs: [{ id: 'answerText', key: 'answerText' }],
});
const line = (source: string, target: string) => ({
  source,
  target,
  sourceHandle: `${source}-source-right`,
  targetHandle: `${target}-target-left`,
});

const plain = (): WorkflowDocument => ({
  nodes: [guide, start, chat()],
  edges: [line('s', 'c')],
  chatConfig: { welcomeText: 'Hi\n[Who are you?]', ttsConfig: { type: 'web' } },
});
const searching = (): WorkflowDocument => ({
  nodes: [
    guide,
    start,
    {
      nodeId: 'd',
      name: 'Search',
      flowNodeType: 'datasetSearchNode',
      inputs: [
        input('datasets', [{ datasetId: dataset, name: 'Birds', vectorModel: { model: 'x' } }]),
        input('similarity', 0.6),
        input('limit', 3000),
        input('searchMode', 'embedding'),
        input('collectionFilterMatch', '{"tags":["a"]}'),
        input('userChatInput', ['s', 'userChatInput']),
      ],
      outputs: [{ id: 'quoteQA', key: 'quoteQA' }],
    },
    chat(input('quoteQA', ['d', 'quoteQA']), input('temperature', 3), input('aiChatTopP', 0.4)),
  ],
  edges: [line('s', 'd'), line('d', 'c')],
  chatConfig: {
    variables: [
      { key: 'city', label: 'City', type: 'select', enums: [{ value: 'Oslo' }, { value: 'Rome' }] },
      { key: 'token', label: 'Token', type: 'custom', icon: 'kept' },
    ],
  },
});

function settingsOf(document: WorkflowDocument): SimpleSettings {
  const shown = readSimpleApp(document);
  if (!shown.simple) throw new Error(shown.reason);
  return shown.settings;
}
const change = (document: WorkflowDocument, changes: Partial<SimpleSettings>) =>
  writeSimpleApp(document, { ...settingsOf(document), ...changes }, 'Dataset search');
const node = (document: WorkflowDocument, type: string) =>
  document.nodes.find(({ flowNodeType }) => flowNodeType === type);

describe('a simple app is read', () => {
  test('without a search', () => {
    expect(settingsOf(plain())).toMatchObject({
      prompt: 'Be kind.',
      model: '',
      temperature: null,
      history: 6,
      datasetIds: [],
      search: defaultSearch,
      welcomeText: 'Hi',
      questions: ['Who are you?'],
      variables: [],
      allowedHosts: [],
    });
  });

  test('with a search and what it asks of its users', () => {
    const settings = settingsOf(searching());
    expect(settings).toMatchObject({ datasetIds: [dataset], temperature: 3 });
    expect(settings.search).toMatchObject({ mode: 'embedding', similarity: 0.6, limit: 3000, reRank: false });
    expect(settings.variables).toMatchObject([
      { key: 'city', type: 'select', options: ['Oslo', 'Rome'] },
      { key: 'token', type: 'other' },
    ]);
  });
});

describe('what the form cannot show is not simple', () => {
  const withNode = (document: WorkflowDocument, flowNodeType: string) => ({
    ...document,
    nodes: [...document.nodes, { nodeId: 'x', name: '', flowNodeType, inputs: [], outputs: [] }],
  });
  test.each<[string, WorkflowDocument, string]>([
    ['another node', withNode(plain(), 'code'), 'nodes'],
    ['a second answer', withNode(plain(), 'chatNode'), 'nodes'],
    ['no answer', { ...plain(), nodes: [guide, start] }, 'nodes'],
    ['a way past the search', { ...searching(), edges: [line('s', 'c'), line('s', 'd')] }, 'edges'],
    ['no way', { ...plain(), edges: [] }, 'edges'],
    [
      'a model from a variable',
      { ...plain(), nodes: [start, chat(input('model', ['VARIABLE_NODE_ID', 'm']))] },
      'values',
    ],
    [
      'passages from elsewhere',
      { ...plain(), nodes: [start, chat(input('quoteQA', ['VARIABLE_NODE_ID', 'q']))] },
      'values',
    ],
  ])('%s', (_what, document, reason) => {
    expect(readSimpleApp(document)).toEqual({ simple: false, reason });
    expect(writeSimpleApp(document, settingsOf(plain()), '')).toBe(document);
  });

  test('a comment and the system node change nothing', () => {
    expect(readSimpleApp(withNode(plain(), 'comment')).simple).toBe(true);
  });
});

describe('a simple app is written', () => {
  test.each([plain, searching])('letter by letter where nothing changed: %o', (make) => {
    expect(change(make(), {})).toEqual(make());
  });

  test('with nothing changed but what was', () => {
    const after = change(searching(), { prompt: 'Be brief.', temperature: null, model: 'gpt-5' });
    const before = node(searching(), 'chatNode');
    expect(node(after, 'chatNode')).toMatchObject({ avatar: 'kept', outputs: before?.outputs });
    expect(settingsOf(after)).toEqual({
      ...settingsOf(searching()),
      prompt: 'Be brief.',
      temperature: null,
      model: 'gpt-5',
    });
    expect(inputValue(node(after, 'chatNode'), 'aiChatTopP')).toBe(0.4);
    expect(node(after, 'datasetSearchNode')).toEqual(node(searching(), 'datasetSearchNode'));
  });

  test('with a search put in for the first dataset, and taken out with the last', () => {
    const after = change(plain(), { datasetIds: [dataset, other] });
    expect(settingsOf(after)).toEqual({ ...settingsOf(plain()), datasetIds: [dataset, other] });
    expect(after.edges).toHaveLength(2);
    expect(node(after, 'datasetSearchNode')).toMatchObject({
      name: 'Dataset search',
      position: { x: 500, y: 0 },
    });
    const without = change(after, { datasetIds: [] });
    expect(settingsOf(without)).toEqual(settingsOf(plain()));
    expect(without.edges).toEqual(plain().edges);
  });

  test('with a filter of collections kept when datasets change', () => {
    const after = change(searching(), { datasetIds: [other] });
    expect(inputValue(node(after, 'datasetSearchNode'), 'collectionFilterMatch')).toBe('{"tags":["a"]}');
    expect(settingsOf(after).datasetIds).toEqual([other]);
  });

  test('with questions and hosts, beside what the form does not know', () => {
    const after = change(plain(), { questions: ['A?', 'B?'], allowedHosts: ['example.com'] });
    expect(after.chatConfig).toEqual({
      welcomeText: 'Hi\n[A?]\n[B?]',
      allowedHosts: ['example.com'],
      ttsConfig: { type: 'web' },
    });
  });

  test('with variables of every kind, those of other kinds as they were', () => {
    const [city, token] = settingsOf(searching()).variables;
    if (!city || !token) throw new Error('no variables');
    const age = {
      ...city,
      key: 'age',
      label: 'Age',
      type: 'numberInput' as const,
      defaultValue: 7,
      options: [],
    };
    const sure = { ...age, key: 'sure', label: '', type: 'switch' as const, defaultValue: true };
    const after = change(searching(), { variables: [{ ...city, options: ['Bonn'] }, age, sure, token] });
    expect(after.chatConfig.variables).toMatchObject([
      { key: 'city', valueType: 'string', list: [{ label: 'Bonn', value: 'Bonn' }] },
      { key: 'age', valueType: 'number', defaultValue: 7 },
      { key: 'sure', label: 'sure', valueType: 'boolean', defaultValue: true },
      { key: 'token', label: 'Token', type: 'custom', icon: 'kept' },
    ]);
    expect(after.chatConfig.variables?.[0]).not.toHaveProperty('enums');
  });
});

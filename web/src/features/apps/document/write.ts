import { writeWelcome } from '@lectern/contract/welcome.ts';
import type {
  ChatConfig,
  NodeInput,
  WorkflowDocument,
  WorkflowEdge,
  WorkflowNode,
} from '@lectern/contract/workflow.ts';
import { readSimpleApp, type SimpleParts } from './read.ts';
import type { SearchSettings, SimpleSettings } from './settings.ts';
import { writeVariable } from './variables.ts';

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** How an input that the document does not have yet is declared. */
const declarations: Record<string, { valueType: string; renderType: string }> = {
  model: { valueType: 'string', renderType: 'settingLLMModel' },
  temperature: { valueType: 'number', renderType: 'hidden' },
  maxToken: { valueType: 'number', renderType: 'hidden' },
  history: { valueType: 'chatHistory', renderType: 'numberInput' },
  systemPrompt: { valueType: 'string', renderType: 'textarea' },
  quoteQA: { valueType: 'datasetQuote', renderType: 'settingDatasetQuotePrompt' },
  datasets: { valueType: 'selectDataset', renderType: 'selectDataset' },
  similarity: { valueType: 'number', renderType: 'selectDatasetParamsModal' },
  limit: { valueType: 'number', renderType: 'hidden' },
  searchMode: { valueType: 'string', renderType: 'hidden' },
  usingReRank: { valueType: 'boolean', renderType: 'hidden' },
  rerankModel: { valueType: 'string', renderType: 'hidden' },
  datasetSearchUsingExtensionQuery: { valueType: 'boolean', renderType: 'hidden' },
  datasetSearchExtensionModel: { valueType: 'string', renderType: 'hidden' },
  datasetSearchExtensionBg: { valueType: 'string', renderType: 'hidden' },
  userChatInput: { valueType: 'string', renderType: 'reference' },
};

function declare(key: string, value: unknown): NodeInput {
  const { valueType = 'any', renderType = 'hidden' } = declarations[key] ?? {};
  return { key, renderTypeList: [renderType], valueType, label: '', value };
}

/** The node with these values; undefined takes a value away. All else of the node stays as it is. */
function withValues(node: WorkflowNode, values: Record<string, unknown>): WorkflowNode {
  let { inputs } = node;
  for (const [key, value] of Object.entries(values)) {
    const present = inputs.some((input) => input.key === key);
    if (!present && value === undefined) continue;
    inputs = present
      ? inputs.map((input) => {
          if (input.key !== key) return input;
          const { value: _before, ...others } = input;
          return value === undefined ? others : { ...others, value };
        })
      : [...inputs, declare(key, value)];
  }
  return { ...node, inputs };
}

/** What changed of an object, by the names that the document has for it. */
function changes<T extends object>(
  before: T | undefined,
  after: T,
  names: [keyof T, string, (value: never) => unknown][],
) {
  const changed = names.filter(([name]) => before === undefined || !same(before[name], after[name]));
  return Object.fromEntries(changed.map(([name, key, write]) => [key, write(after[name] as never)]));
}

const asIs = (value: unknown) => value;
const orNone = (value: unknown) => (value === '' || value === null ? undefined : value);

const chatNames: [keyof SimpleSettings, string, (value: never) => unknown][] = [
  ['prompt', 'systemPrompt', asIs],
  ['model', 'model', orNone],
  ['temperature', 'temperature', orNone],
  ['maxTokens', 'maxToken', orNone],
  ['history', 'history', asIs],
];

const searchNames: [keyof SearchSettings, string, (value: never) => unknown][] = [
  ['mode', 'searchMode', asIs],
  ['similarity', 'similarity', asIs],
  ['limit', 'limit', asIs],
  ['reRank', 'usingReRank', asIs],
  ['rerankModel', 'rerankModel', orNone],
  ['extension', 'datasetSearchUsingExtensionQuery', asIs],
  ['extensionModel', 'datasetSearchExtensionModel', orNone],
  ['extensionBackground', 'datasetSearchExtensionBg', asIs],
];

const edge = (source: string, target: string): WorkflowEdge => ({
  source,
  target,
  sourceHandle: `${source}-source-right`,
  targetHandle: `${target}-target-left`,
});

const searchNodeId = 'datasetSearchNodeId';

/** A new search between start and answer. */
function newSearch({ start, chat }: SimpleParts, settings: SimpleSettings, name: string): WorkflowNode {
  const blank: WorkflowNode = {
    nodeId: searchNodeId,
    name,
    flowNodeType: 'datasetSearchNode',
    showStatus: true,
    position: { x: ((start.position?.x ?? 0) + (chat.position?.x ?? 1000)) / 2, y: start.position?.y ?? 0 },
    inputs: [],
    outputs: [{ id: 'quoteQA', key: 'quoteQA', type: 'static', valueType: 'datasetQuote' }],
  };
  return withValues(blank, {
    datasets: settings.datasetIds.map((datasetId) => ({ datasetId })),
    ...changes(undefined, settings.search, searchNames),
    userChatInput: [start.nodeId, 'userChatInput'],
  });
}

function writeConfig(before: SimpleSettings, after: SimpleSettings, config: ChatConfig): ChatConfig {
  const changed = (...names: (keyof SimpleSettings)[]) =>
    names.some((name) => !same(before[name], after[name]));
  const { welcomeText: text, questions } = after;
  return {
    ...config,
    ...(changed('welcomeText', 'questions') && { welcomeText: writeWelcome({ text, questions }) }),
    ...(changed('variables') && { variables: after.variables.map(writeVariable) }),
    ...(changed('allowedHosts') && { allowedHosts: after.allowedHosts }),
  };
}

/** Nodes and edges with the search that the chosen datasets need: changed, put in, or taken out. */
function writeSearch(
  document: WorkflowDocument,
  parts: SimpleParts,
  { before, after, searchName }: { before: SimpleSettings; after: SimpleSettings; searchName: string },
): Pick<WorkflowDocument, 'nodes' | 'edges'> {
  const { start, search, chat } = parts;
  const searches = after.datasetIds.length > 0;
  if (search && (searches || before.datasetIds.length === 0)) {
    const datasets = after.datasetIds.map((datasetId) => ({ datasetId }));
    const changed = withValues(search, {
      ...(!same(before.datasetIds, after.datasetIds) && { datasets }),
      ...changes(before.search, after.search, searchNames),
    });
    return {
      nodes: document.nodes.map((node) => (node === search ? changed : node)),
      edges: document.edges,
    };
  }
  if (search)
    return {
      nodes: document.nodes.filter((node) => node !== search),
      edges: [edge(start.nodeId, chat.nodeId)],
    };
  if (!searches) return document;
  const added = newSearch(parts, after, searchName);
  return {
    nodes: document.nodes.flatMap((node) => (node === chat ? [added, node] : [node])),
    edges: [edge(start.nodeId, added.nodeId), edge(added.nodeId, chat.nodeId)],
  };
}

/**
 * The document with what the form changed in it, and all else as it was: what nobody touched stays letter by letter.
 * The document must be one that {@link readSimpleApp} can show; another is answered as it is.
 */
export function writeSimpleApp(
  document: WorkflowDocument,
  after: SimpleSettings,
  searchName: string,
): WorkflowDocument {
  const shown = readSimpleApp(document);
  if (!shown.simple) return document;
  const { settings: before, parts } = shown;
  const { nodes, edges } = writeSearch(document, parts, { before, after, searchName });
  const search = nodes.find(({ flowNodeType }) => flowNodeType === 'datasetSearchNode');
  const quotes =
    search?.nodeId === parts.search?.nodeId ? {} : { quoteQA: search && [search.nodeId, 'quoteQA'] };
  const values = { ...changes(before, after, chatNames), ...quotes };
  return {
    nodes: nodes.map((node) => (node.nodeId === parts.chat.nodeId ? withValues(node, values) : node)),
    edges,
    chatConfig: writeConfig(before, after, document.chatConfig),
  };
}

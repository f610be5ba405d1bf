import { readWelcome } from '@lectern/contract/welcome.ts';
import type { WorkflowDocument, WorkflowNode } from '@lectern/contract/workflow.ts';
import { defaultSearch, type SearchSettings, type SimpleSettings } from './settings.ts';
import { readVariable } from './variables.ts';

/** The nodes of a simple app: a start, perhaps a search, one answer. */
export interface SimpleParts {
  start: WorkflowNode;
  search: WorkflowNode | undefined;
  chat: WorkflowNode;
}

/** Why the form cannot show a document. */
export type NotSimple = 'nodes' | 'edges' | 'values';

/** What the form shows of a document, or why it cannot. */
export type ReadResult =
  | { simple: true; settings: SimpleSettings; parts: SimpleParts }
  | { simple: false; reason: NotSimple };

/** Nodes that take no part in a run. */
const silent = new Set(['userGuide', 'systemConfig', 'comment']);

/** The value of an input; absent ones and null are undefined. */
export const inputValue = (node: WorkflowNode | undefined, key: string): unknown =>
  node?.inputs.find((input) => input.key === key)?.value ?? undefined;

function partsOf({ nodes, edges }: WorkflowDocument): SimpleParts | NotSimple {
  const working = nodes.filter(({ flowNodeType }) => !silent.has(flowNodeType));
  const ofType = (type: string) => working.filter(({ flowNodeType }) => flowNodeType === type);
  const [start, ...starts] = ofType('workflowStart');
  const [search, ...searches] = ofType('datasetSearchNode');
  const [chat, ...chats] = ofType('chatNode');
  if (!start || !chat || starts.length + searches.length + chats.length > 0) return 'nodes';
  if (working.length !== (search ? 3 : 2)) return 'nodes';
  const wanted = search
    ? [`${start.nodeId} ${search.nodeId}`, `${search.nodeId} ${chat.nodeId}`]
    : [`${start.nodeId} ${chat.nodeId}`];
  const seen = edges.map(({ source, target }) => `${source} ${target}`);
  const same = seen.length === wanted.length && wanted.every((edge) => seen.includes(edge));
  return same ? { start, search, chat } : 'edges';
}

const isReference = (value: unknown, node: WorkflowNode, output: string) =>
  Array.isArray(value) && value.length === 2 && value[0] === node.nodeId && value[1] === output;

/** The references that a simple app has: both ask the user's question, and the answer reads what the search found. */
function areWired({ start, search, chat }: SimpleParts): boolean {
  const asks = (node: WorkflowNode) => isReference(inputValue(node, 'userChatInput'), start, 'userChatInput');
  const quotes = inputValue(chat, 'quoteQA');
  if (!asks(chat)) return false;
  return search
    ? asks(search) && isReference(quotes, search, 'quoteQA')
    : quotes === undefined || (Array.isArray(quotes) && quotes.length === 0);
}

/** Values by type, or the fallback where there is none; throws for anything else, a reference for example. */
const read = {
  text: (value: unknown, fallback = '') => {
    if (value === undefined) return fallback;
    if (typeof value !== 'string') throw new TypeError('no text');
    return value;
  },
  number: <T>(value: unknown, fallback: T): number | T => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (number === undefined || number === '') return fallback;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw new TypeError('no number');
    return number;
  },
  flag: (value: unknown) => {
    if (value === undefined) return false;
    if (typeof value !== 'boolean') throw new TypeError('no boolean');
    return value;
  },
};

const modes = ['embedding', 'fullTextRecall', 'mixedRecall'] as const;

function readDatasets(value: unknown): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new TypeError('no list of datasets');
  return value.map((item) => {
    const id: unknown = typeof item === 'object' && item !== null ? item.datasetId : item;
    if (typeof id !== 'string' || !/^[0-9a-f]{24}$/i.test(id)) throw new TypeError('no dataset');
    return id;
  });
}

function readSearch(node: WorkflowNode): SearchSettings {
  const value = (key: string) => inputValue(node, key);
  // As the node runs where nothing is said.
  const mode = read.text(value('searchMode'), 'embedding');
  return {
    mode: modes.find((known) => known === mode) ?? 'embedding',
    similarity: read.number(value('similarity'), defaultSearch.similarity),
    limit: read.number(value('limit'), defaultSearch.limit),
    reRank: read.flag(value('usingReRank')),
    rerankModel: read.text(value('rerankModel')),
    extension: read.flag(value('datasetSearchUsingExtensionQuery')),
    extensionModel: read.text(value('datasetSearchExtensionModel')),
    extensionBackground: read.text(value('datasetSearchExtensionBg')),
  };
}

function readSettings({ search, chat }: SimpleParts, document: WorkflowDocument): SimpleSettings {
  const { chatConfig } = document;
  const { text, questions } = readWelcome(chatConfig.welcomeText ?? '');
  return {
    prompt: read.text(inputValue(chat, 'systemPrompt')),
    model: read.text(inputValue(chat, 'model')),
    temperature: read.number(inputValue(chat, 'temperature'), null),
    maxTokens: read.number(inputValue(chat, 'maxToken'), null),
    history: read.number(inputValue(chat, 'history'), 6),
    datasetIds: readDatasets(inputValue(search, 'datasets')),
    search: search ? readSearch(search) : defaultSearch,
    welcomeText: text,
    questions,
    variables: (chatConfig.variables ?? []).map(readVariable),
    allowedHosts: chatConfig.allowedHosts ?? [],
  };
}

/** What the form shows of a document. A workflow that says more than the form can show is not simple. */
export function readSimpleApp(document: WorkflowDocument): ReadResult {
  const parts = partsOf(document);
  if (typeof parts === 'string') return { simple: false, reason: parts };
  if (!areWired(parts)) return { simple: false, reason: 'values' };
  try {
    return { simple: true, settings: readSettings(parts, document), parts };
  } catch (error) {
    if (error instanceof TypeError) return { simple: false, reason: 'values' };
    throw error;
  }
}

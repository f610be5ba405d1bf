import type { Lang, Text } from '@lectern/contract/lang.ts';
import type {
  ChatVariable,
  NodeInput,
  NodeOutput,
  WorkflowDocument,
  WorkflowNode,
} from '@lectern/contract/workflow.ts';
import type { SearchMode } from '../retrieval/ports.ts';
import { asText } from './variables.ts';

/** A simple app as people set it up: one model, perhaps some datasets before it. */
export interface SimpleAppSettings {
  /** Absent = the default model of the installation at the time of each answer. */
  model?: string | undefined;
  /** The system prompt. */
  prompt?: string | undefined;
  /** With none, the app answers without searching. */
  datasets?: readonly { datasetId: string }[] | undefined;
  search?: SearchSettings | undefined;
  welcomeText?: string | undefined;
  variables?: ChatVariable[] | undefined;
  /** Rounds of the conversation that the model sees; 6 when absent. */
  history?: number | undefined;
  /** 0 to 10. */
  temperature?: number | undefined;
  /** Language of node names. */
  lang?: Lang | undefined;
}

export interface SearchSettings {
  mode?: SearchMode | undefined;
  /** Tokens of passages that reach the model. */
  limit?: number | undefined;
  similarity?: number | undefined;
  embeddingWeight?: number | undefined;
  usingReRank?: boolean | undefined;
  rerankModel?: string | undefined;
  rerankWeight?: number | undefined;
  /** A collection filter (spec 5.5), an object or its text, which may name variables. */
  collectionFilterMatch?: unknown;
}

const names = {
  userGuide: { en: 'System configuration', zh: '系统配置' },
  start: { en: 'Start', zh: '流程开始' },
  search: { en: 'Dataset search', zh: '知识库搜索' },
  chat: { en: 'AI chat', zh: 'AI 对话' },
  question: { en: 'Question', zh: '用户问题' },
} as const satisfies Record<string, Text>;

const startId = 'workflowStartNodeId';
const searchId = 'datasetSearchNodeId';
const chatId = 'chatNodeId';
const question = [startId, 'userChatInput'];

const input = (
  key: string,
  valueType: string,
  renderType: string,
  value: unknown,
  label = '',
): NodeInput => ({
  key,
  renderTypeList: [renderType],
  valueType,
  label,
  ...(value !== undefined && { value }),
});

const output = (key: string, valueType: string): NodeOutput => ({ id: key, key, type: 'static', valueType });

const edge = (source: string, target: string) => ({
  source,
  target,
  sourceHandle: `${source}-source-right`,
  targetHandle: `${target}-target-left`,
});

function searchNode(settings: SimpleAppSettings, lang: Lang): WorkflowNode {
  const search = settings.search ?? {};
  return {
    nodeId: searchId,
    name: names.search[lang],
    flowNodeType: 'datasetSearchNode',
    showStatus: true,
    position: { x: 500, y: 0 },
    inputs: [
      input(
        'datasets',
        'selectDataset',
        'selectDataset',
        (settings.datasets ?? []).map(({ datasetId }) => ({ datasetId })),
      ),
      input('similarity', 'number', 'selectDatasetParamsModal', search.similarity ?? 0.4),
      input('limit', 'number', 'hidden', search.limit ?? 5000),
      input('searchMode', 'string', 'hidden', search.mode ?? 'mixedRecall'),
      input('embeddingWeight', 'number', 'hidden', search.embeddingWeight ?? 0.5),
      input('usingReRank', 'boolean', 'hidden', search.usingReRank ?? false),
      input('rerankModel', 'string', 'hidden', search.rerankModel),
      input('rerankWeight', 'number', 'hidden', search.rerankWeight ?? 0.5),
      ...(search.collectionFilterMatch
        ? [input('collectionFilterMatch', 'string', 'textarea', asText(search.collectionFilterMatch))]
        : []),
      input('userChatInput', 'string', 'reference', question, names.question[lang]),
    ],
    outputs: [output('quoteQA', 'datasetQuote')],
  };
}

function chatNode(settings: SimpleAppSettings, lang: Lang, searches: boolean): WorkflowNode {
  return {
    nodeId: chatId,
    name: names.chat[lang],
    flowNodeType: 'chatNode',
    showStatus: true,
    position: { x: 1000, y: 0 },
    inputs: [
      input('model', 'string', 'settingLLMModel', settings.model),
      input('temperature', 'number', 'hidden', settings.temperature),
      input('isResponseAnswerText', 'boolean', 'hidden', true),
      input('aiChatQuoteRole', 'string', 'hidden', 'system'),
      input('systemPrompt', 'string', 'textarea', settings.prompt ?? ''),
      input('history', 'chatHistory', 'numberInput', settings.history ?? 6),
      input('userChatInput', 'string', 'reference', question, names.question[lang]),
      ...(searches
        ? [input('quoteQA', 'datasetQuote', 'settingDatasetQuotePrompt', [searchId, 'quoteQA'])]
        : []),
      input('fileUrlList', 'arrayString', 'reference', [[startId, 'userFiles']]),
    ],
    outputs: [
      output('history', 'chatHistory'),
      output('answerText', 'string'),
      output('reasoningText', 'string'),
    ],
  };
}

/** The workflow document of a simple app: start, a search when datasets are chosen, chat. */
export function simpleAppDocument(settings: SimpleAppSettings): WorkflowDocument {
  const lang = settings.lang ?? 'en';
  const searches = (settings.datasets?.length ?? 0) > 0;
  const nodes: WorkflowNode[] = [
    {
      nodeId: 'userGuide',
      name: names.userGuide[lang],
      flowNodeType: 'userGuide',
      position: { x: 0, y: -300 },
      inputs: [],
      outputs: [],
    },
    {
      nodeId: startId,
      name: names.start[lang],
      flowNodeType: 'workflowStart',
      position: { x: 0, y: 0 },
      inputs: [input('userChatInput', 'string', 'reference', undefined, names.question[lang])],
      outputs: [output('userChatInput', 'string'), output('userFiles', 'arrayString')],
    },
    ...(searches ? [searchNode(settings, lang)] : []),
    chatNode(settings, lang, searches),
  ];
  return {
    nodes,
    edges: searches ? [edge(startId, searchId), edge(searchId, chatId)] : [edge(startId, chatId)],
    chatConfig: {
      ...(settings.welcomeText && { welcomeText: settings.welcomeText }),
      variables: settings.variables ?? [],
    },
  };
}

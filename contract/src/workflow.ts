import { z } from 'zod';
import { about, text } from './fields.ts';

/*
 * The workflow document. FastGPT's export format is the native format (spec 4.3, 4.4): what its editor exports is
 * stored and run as it is.
 */

/** Some shipped templates carry enum names as text (`FlowNodeInputTypeEnum.reference`): the prefix is stripped. */
const enumText = (v: unknown) =>
  typeof v === 'string' ? v.replace(/^FlowNode(In|Out)putTypeEnum\./, '') : v;

const nodeInput = z.looseObject({
  key: text(200, 1),
  renderTypeList: z.array(z.preprocess(enumText, z.string())).optional(),
  valueType: z.string().nullish(),
  label: z.string().nullish(),
  value: z.unknown().optional(),
  defaultValue: z.unknown().optional(),
  required: z.boolean().nullish(),
});

const nodeOutput = z.looseObject({
  id: text(200, 1),
  key: text(200),
  type: z.preprocess(enumText, z.string()).optional(),
  valueType: z.string().nullish(),
});

export const workflowNode = z.looseObject({
  nodeId: text(200, 1),
  name: z.string().default(''),
  intro: z.string().nullish(),
  flowNodeType: text(100, 1),
  showStatus: z.boolean().nullish(),
  parentNodeId: z.string().nullish(),
  position: z.looseObject({ x: z.number(), y: z.number() }).nullish(),
  version: z.union([z.string(), z.number()]).nullish(),
  catchError: z.boolean().nullish(),
  inputs: z.array(nodeInput).default([]),
  outputs: z.array(nodeOutput).default([]),
});

export const workflowEdge = z.looseObject({
  source: text(200, 1),
  sourceHandle: z.string().default(''),
  target: text(200, 1),
  targetHandle: z.string().default(''),
});

export const chatVariable = z.looseObject({
  key: z.string(),
  label: z.string().nullish(),
  type: z.string().nullish(),
  valueType: z.string().nullish(),
  required: z.boolean().nullish(),
  defaultValue: z.unknown().optional(),
});

export const chatConfig = z.looseObject({
  /** Markdown; see welcome.ts for the questions in it. */
  welcomeText: z.string().nullish(),
  variables: z.array(chatVariable).nullish(),
  allowedHosts: z
    .array(z.string().max(255))
    .max(100)
    .nullish()
    .meta(
      about({
        en: 'Hosts that pictures of answers are shown from and whose links open at once: example.com, *.example.com',
        zh: '允许显示其图片并直接打开其链接的主机：example.com、*.example.com',
      }),
    ),
});

export type NodeInput = z.output<typeof nodeInput>;
export type NodeOutput = z.output<typeof nodeOutput>;
export type WorkflowNode = z.output<typeof workflowNode>;
export type WorkflowEdge = z.output<typeof workflowEdge>;
export type ChatVariable = z.output<typeof chatVariable>;
export type ChatConfig = z.output<typeof chatConfig>;

/** A whole app as it is stored, exported and run. */
export interface WorkflowDocument {
  nodes: WorkflowNode[];
  edges: WorkflowEdge[];
  chatConfig: ChatConfig;
}

/** One score of a search result: `index` is its rank in that list (0 is best). */
const searchScore = z.object({
  type: z.enum(['embedding', 'fullText', 'reRank', 'rrf']),
  value: z.number(),
  index: z.number().int(),
});

/** Where in its document a passage stands; pages, slides and rows are counted from 1, as people do. */
export const position = z.object({
  page: z.number().int().optional(),
  endPage: z.number().int().optional(),
  slide: z.number().int().optional(),
  endSlide: z.number().int().optional(),
  sheet: z.string().optional(),
  row: z.number().int().optional(),
  endRow: z.number().int().optional(),
});
export type Position = z.output<typeof position>;

/** One passage found by a search (spec 2.9); `tokens` counts q and a. */
export const quote = z.object({
  id: z.string(),
  q: z.string(),
  a: z.string(),
  chunkIndex: z.number().int(),
  datasetId: z.string(),
  collectionId: z.string(),
  sourceName: z.string(),
  sourceId: z.string(),
  updateTime: z.string(),
  imageId: z.string().nullable(),
  tokens: z.number().int(),
  position: position.optional(),
  score: z.array(searchScore),
});
export type Quote = z.output<typeof quote>;

/** What one node did in a run (spec 2.2). Keys beyond the declared ones depend on the node type. */
export const nodeResponse = z.looseObject({
  id: z.string(),
  nodeId: z.string(),
  moduleName: z.string(),
  moduleType: z.string(),
  runningTime: z.number().meta(about({ en: 'seconds', zh: '单位为秒' })),
  totalPoints: z.number().optional(),
  model: z.string().optional(),
  tokens: z.number().optional(),
  inputTokens: z.number().optional(),
  outputTokens: z.number().optional(),
  query: z.string().optional(),
  error: z.unknown().optional(),
  errorText: z.string().optional(),
  quoteList: z.array(quote.partial()).optional(),
});
export type NodeResponse = z.output<typeof nodeResponse>;

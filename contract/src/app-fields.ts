import { z } from 'zod';
import { filterInput, filterText } from './collection-filter.ts';
import { about, bool, id, int, num, opt, text, updatedBy } from './fields.ts';
import { permission } from './knowledge-fields.ts';
import { chatConfig, chatVariable, workflowEdge, workflowNode } from './workflow.ts';

const nodes = z.array(workflowNode).max(5000);

/** A workflow as requests carry it: `modules` is the older name of `nodes`. */
export const documentFields = {
  modules: opt(nodes),
  nodes: opt(nodes),
  edges: opt(z.array(workflowEdge).max(20_000)),
  chatConfig: opt(chatConfig),
};

/** An app of one model and some datasets; stored as a workflow (start, dataset search, chat). */
export const simpleApp = z.object({
  model: opt(text(200)).meta(about({ en: 'Absent = the default model.', zh: '省略则使用默认模型。' })),
  prompt: opt(text(100_000)).meta(about({ en: 'The system prompt.', zh: '系统提示词。' })),
  datasets: opt(z.array(z.object({ datasetId: id() })).max(500)),
  search: opt(
    z.object({
      mode: opt(z.enum(['embedding', 'fullTextRecall', 'mixedRecall'])),
      limit: opt(int(1, 100_000)).meta(
        about({ en: 'Tokens of passages that reach the model.', zh: '提供给模型的引用内容的 token 上限。' }),
      ),
      similarity: opt(num(z.number().min(0).max(1))),
      embeddingWeight: opt(num(z.number().min(0).max(1))),
      usingReRank: opt(bool()),
      rerankModel: opt(text(200)),
      rerankWeight: opt(num(z.number().min(0).max(1))),
      collectionFilterMatch: filterInput().meta(about(filterText)),
    }),
  ),
  welcomeText: opt(text(10_000)),
  variables: opt(z.array(chatVariable).max(200)),
  history: opt(int(0, 100)).meta(
    about({
      en: 'Rounds of the conversation that the model sees; 6 when absent.',
      zh: '模型可见的历史轮数，省略则为 6。',
    }),
  ),
  temperature: opt(num(z.number().min(0).max(10))),
});

const namedDatasets = z
  .array(z.object({ datasetId: z.string(), name: z.string(), avatar: z.string() }))
  .meta(about({ en: 'Datasets that the draft names and that are there', zh: '草稿中引用且存在的知识库' }));

export const appListItem = z.object({
  _id: z.string(),
  parentId: z.string().nullable(),
  avatar: z.string(),
  type: z.string(),
  name: z.string(),
  intro: z.string(),
  tmbId: z.string(),
  updateTime: z.string(),
  inheritPermission: z.boolean(),
  permission,
  private: z.boolean(),
  hasInteractiveNode: z.boolean(),
  models: z.array(z.string()).meta(
    about({
      en: 'Models that the draft names; none = the default model',
      zh: '草稿中指定的模型；为空则使用默认模型',
    }),
  ),
  datasets: namedDatasets,
  sourceMember: z.object({ name: z.string(), avatar: z.string(), status: z.string() }),
});

export const appDetail = z.object({
  _id: z.string(),
  parentId: z.string().nullable(),
  teamId: z.string(),
  tmbId: z.string(),
  type: z.string(),
  version: z.literal('v2'),
  name: z.string(),
  avatar: z.string(),
  intro: z.string(),
  updateTime: z.string(),
  modules: nodes,
  edges: z.array(workflowEdge),
  chatConfig,
  teamTags: z.array(z.string()),
  inheritPermission: z.boolean(),
  permission,
});

/** An app in full, and whether its draft is what runs. */
export const publishedAppDetail = appDetail.extend({
  datasets: namedDatasets,
  updatedBy: updatedBy(),
  publishedTime: z
    .string()
    .nullable()
    .meta(
      about({
        en: 'When the version that runs was published; null = none was, and the draft runs',
        zh: '当前运行版本的发布时间；null 表示从未发布，运行的是草稿',
      }),
    ),
  hasUnpublishedChanges: z
    .boolean()
    .meta(about({ en: 'The draft differs from the version that runs', zh: '草稿与运行中的版本不同' })),
});

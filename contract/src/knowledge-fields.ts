import { z } from 'zod';
import { about, bool, int, messages, name, num, opt, parentId, text, timeText } from './fields.ts';

/*
 * Pieces that the dataset, collection and data routes share (spec 2.9 and 5.1).
 */

/** A point in time as text, in any form that dates are written in; kept as sent. */
export const time = () =>
  z.preprocess(
    timeText,
    z.string().refine((v) => !Number.isNaN(Date.parse(v)), messages.time.en),
  );

/** FastGPT's permission object: read 4, write 6, manage 7, owner 4294967295. */
export const permission = z.object({
  value: z.number(),
  isOwner: z.boolean(),
  hasManagePer: z.boolean(),
  hasWritePer: z.boolean(),
  hasReadPer: z.boolean(),
});

/** The permission object of an owner, for examples. */
export const examplePermission = {
  value: 4294967295,
  isOwner: true,
  hasManagePer: true,
  hasWritePer: true,
  hasReadPer: true,
};

export const trainingTypes = ['chunk', 'qa', 'imageParse', 'backup', 'template', 'auto'] as const;

/** How a text becomes data items; the same parameters on every route that creates a collection. */
export const chunkParams = {
  trainingType: opt(z.enum(trainingTypes)).meta(
    about({
      en: 'How text becomes data items: `chunk` (default) cuts it, `qa` lets a language model write questions and answers from it, `imageParse` lets a vision model describe pictures (`create/images`), `auto` (older) is chunk with autoIndexes.',
      zh: '文本如何变成数据：`chunk`（默认）切分文本，`qa` 由语言模型生成问答，`imageParse` 由视觉模型描述图片（`create/images`），`auto`（旧）等于 chunk 加 autoIndexes。',
    }),
  ),
  trainingMode: opt(z.enum(trainingTypes)).meta(
    about({ en: 'Older name of `trainingType`.', zh: '`trainingType` 的旧名称。' }),
  ),
  chunkSettingMode: opt(z.enum(['auto', 'custom'])).meta(
    about({
      en: '`auto` (default) overrides all sizes and splitters.',
      zh: '`auto`（默认）忽略所有长度与分隔符设置。',
    }),
  ),
  chunkSplitMode: opt(z.enum(['paragraph', 'size', 'char'])).meta(
    about({
      en: 'Custom mode: `paragraph` (default) follows headings and paragraphs, `size` fills chunks up whatever the headings, `char` cuts at the separators.',
      zh: '用于 custom 模式：`paragraph`（默认）按标题与段落，`size` 按长度填满而不看标题，`char` 按分隔符切分。',
    }),
  ),
  chunkTriggerType: opt(z.enum(['minSize', 'forceChunk', 'maxSize'])).meta(
    about({
      en: 'When a text is split at all: `minSize` (default) from `chunkTriggerMinSize` on, `maxSize` only when it is longer than 0.7 of what the language model reads, `forceChunk` always.',
      zh: '何时切分：`minSize`（默认）达到 `chunkTriggerMinSize` 时，`maxSize` 仅当长度超过语言模型可读长度的 0.7 时，`forceChunk` 总是切分。',
    }),
  ),
  chunkTriggerMinSize: opt(int(0, 1_000_000)).meta(
    about({
      en: 'A shorter text stays one chunk (tokens, default 512).',
      zh: '短于此长度的文本保持为一个分块（token 数，默认 512）。',
    }),
  ),
  paragraphChunkAIMode: opt(z.enum(['auto', 'force', 'forbid'])).meta(
    about({
      en: 'Whether the language model of the dataset gives the text headings before it is split: `auto` where it has none to speak of, `force` always, `forbid` (default) never; custom mode, split by paragraph. The text itself stays as it is, and the import takes longer.',
      zh: '切分前是否由知识库的语言模型为文本添加标题：`auto` 仅当文本基本没有标题时，`force` 总是，`forbid`（默认）从不；用于 custom 模式按段落切分。文本内容保持不变，导入耗时更长。',
    }),
  ),
  paragraphChunkDeep: opt(int(0, 8)).meta(
    about({
      en: 'Headings down to this depth begin a new chunk, 0 = none does; custom mode, split by paragraph (default 5).',
      zh: '不深于此级别的标题开始新的分块，0 表示标题不分块；用于 custom 模式按段落切分（默认 5）。',
    }),
  ),
  paragraphChunkMinSize: opt(int(0, 100_000)).meta(
    about({
      en: 'A section with fewer tokens is joined with the next one; custom mode, split by paragraph (default 0).',
      zh: '少于此 token 数的章节与下一章节合并；用于 custom 模式按段落切分（默认 0）。',
    }),
  ),
  chunkSize: opt(int(1, 100_000)).meta(
    about({
      en: 'Tokens of a chunk, at least 64 and at most what the language model reads; custom mode only (default 512).',
      zh: '分块的 token 数，最小 64，且不超过语言模型可读长度；仅在 custom 模式下生效（默认 512）。',
    }),
  ),
  overlapRatio: opt(num(z.number().min(0).max(0.5))).meta(
    about({
      en: 'How much of a chunk the next one repeats where a paragraph is cut, as a share of its size (default 0.2). Nothing is repeated over headings, tables, code and separators.',
      zh: '段落被切开时，下一分块重复上一分块的比例（默认 0.2）。标题、表格、代码与分隔符处不重复。',
    }),
  ),
  indexSize: opt(int(1, 100_000)).meta(
    about({
      en: 'Most tokens of one vector of q or a, at least 64 and at most what the embedding model reads (the default): a longer text gets several.',
      zh: 'q 或 a 的每个向量对应的最大 token 数，最小 64，不超过向量模型可读长度（默认）；更长的文本对应多个向量。',
    }),
  ),
  chunkSplitter: opt(text(200)).meta(
    about({
      en: 'Literal separators, `|` between alternatives, `\\n` for a line break; custom mode, unless the text is split by size.',
      zh: '按字面匹配的分隔符，多个之间用 `|` 隔开，`\\n` 表示换行；用于 custom 模式，按长度切分时除外。',
    }),
  ),
  chunkSplitterRegex: opt(text(200)).meta(
    about({
      en: 'A regular expression (RE2, which cannot hang) whose matches are separators, beside or instead of `chunkSplitter`. `^` and `$` are the ends of lines. What the first group in parentheses matches is kept at the beginning of the next chunk: `\\n(Article \\d+)`.',
      zh: '正则表达式（RE2，不会卡死），其匹配处即为分隔符，可与 `chunkSplitter` 同时使用或单独使用。`^` 与 `$` 表示行首行尾。第一个括号分组匹配的内容保留在下一分块的开头，例如 `\\n(第\\d+条)`。',
    }),
  ),
  qaPrompt: opt(text(20_000)).meta(
    about({
      en: 'Instructions for the model with `qa`, in the place of the built-in ones; the form of its answer is added to them.',
      zh: '`qa` 时给模型的指令，代替内置指令；回答格式会自动附加。',
    }),
  ),
  indexPrefixTitle: opt(bool()).meta(
    about({
      en: 'Whether the name of the collection is part of the indexes. Absent: of those made of q and a. `true`: of all but custom ones. `false`: of none.',
      zh: '集合名称是否加入索引。省略：加入由 q、a 生成的索引；`true`：加入除自定义索引外的全部索引；`false`：不加入。',
    }),
  ),
  ocr: opt(z.enum(['auto', 'force', 'off'])).meta(
    about({
      en: 'Whether text is recognised in pictures of text (English, simplified and traditional Chinese). `auto` (default): scanned pages of PDF files and image files; `force`: every page of a PDF, whatever text it has of its own; `off`: never.',
      zh: '是否识别图像中的文字（英文、简体与繁体中文）。`auto`（默认）：识别 PDF 中的扫描页与图片文件；`force`：识别 PDF 的每一页，忽略其自带文字；`off`：不识别。',
    }),
  ),
  customPdfParse: opt(bool()).meta(
    about({
      en: '`true` means `ocr: force`, unless `ocr` is given.',
      zh: '`true` 等同于 `ocr: force`，除非已指定 `ocr`。',
    }),
  ),
  autoIndexes: opt(bool()).meta(
    about({
      en: 'A language model adds a summary and questions to each data item, under which it is found as well.',
      zh: '由语言模型为每条数据添加摘要与问题索引，使其更易被检索到。',
    }),
  ),
  imageIndex: opt(bool()).meta(
    about({
      en: 'A vision model describes the pictures inside the document; the passages that show them are found by that too.',
      zh: '由视觉模型描述文档中的图片，含图片的段落也可由描述检索到。',
    }),
  ),
} as const;

/** What every route that creates a collection takes besides its source. */
export const collectionParams = {
  parentId: parentId().meta(
    about({
      en: 'Folder collection; absent or null = the root of the dataset.',
      zh: '所在的文件夹集合；省略或 null 表示知识库根目录。',
    }),
  ),
  tags: opt(z.array(name(100)).max(100)).meta(about({ en: 'Names of tags.', zh: '标签名称。' })),
  metadata: opt(z.record(z.string(), z.unknown())),
  createTime: opt(time()),
  ...chunkParams,
} as const;

/** The chunk settings as they are stored. */
export const storedChunkParams = z.object({
  chunkSettingMode: z.string().optional(),
  chunkSplitMode: z.string().optional(),
  chunkTriggerType: z.string().optional(),
  chunkTriggerMinSize: z.number().optional(),
  paragraphChunkAIMode: z.string().optional(),
  paragraphChunkDeep: z.number().optional(),
  paragraphChunkMinSize: z.number().optional(),
  chunkSize: z.number().optional(),
  overlapRatio: z.number().optional(),
  indexSize: z.number().optional(),
  chunkSplitter: z.string().optional(),
  chunkSplitterRegex: z.string().optional(),
  qaPrompt: z.string().optional(),
  indexPrefixTitle: z.boolean().optional(),
  ocr: z.string().optional(),
  customPdfParse: z.boolean().optional(),
  autoIndexes: z.boolean().optional(),
  imageIndex: z.boolean().optional(),
});

/** The embedding model as dataset routes show it; `builtin-keyword` when none is configured. */
export const vectorModel = z.object({
  model: z.string(),
  name: z.string(),
  charsPointsPrice: z.number(),
  defaultToken: z.number(),
  maxToken: z.number(),
  weight: z.number(),
});

/** A language model as dataset routes show it. */
export const agentModel = z.object({
  model: z.string(),
  name: z.string(),
  provider: z.string(),
  maxContext: z.number(),
  maxResponse: z.number(),
  charsPointsPrice: z.number(),
});

/** A dataset in full. */
export const datasetDetail = z.object({
  _id: z.string(),
  parentId: z.string().nullable(),
  teamId: z.string(),
  tmbId: z.string(),
  type: z.string(),
  status: z.enum(['active', 'syncing', 'waiting', 'error']),
  errorMsg: z
    .string()
    .optional()
    .meta(about({ en: 'Why the last synchronisation failed.', zh: '上次同步失败的原因。' })),
  websiteConfig: z.object({ url: z.string(), selector: z.string() }).optional(),
  apiDatasetServer: z
    .object({
      apiServer: z.object({ baseUrl: z.string(), basePath: z.string(), authorization: z.string() }),
    })
    .optional()
    .meta(about({ en: 'The authorization is never shown.', zh: 'authorization 不会返回。' })),
  autoSync: z.boolean().optional(),
  avatar: z.string(),
  name: z.string(),
  intro: z.string(),
  vectorModel,
  agentModel,
  vlmModel: agentModel.optional(),
  permission,
  inheritPermission: z.boolean(),
  chunkSettings: storedChunkParams.optional(),
  createTime: z.string(),
  updateTime: z.string(),
});

/** What a push or an import did: arrays hold the items that were left out. */
export const insertResult = z.object({
  insertLen: z
    .number()
    .int()
    .meta(
      about({
        en: 'Items stored now; 0 when the import runs in the background.',
        zh: '现已存储的条数；后台导入时为 0。',
      }),
    ),
  overToken: z.array(z.unknown()),
  repeat: z.array(z.unknown()),
  error: z.array(z.unknown()),
});

/** In which order the list routes list. */
export const collectionOrder = {
  sort: opt(z.enum(['updateTime', 'name', 'size'])).meta(
    about({
      en: 'By the latest update (default), by name, or by the number of data items.',
      zh: '按最近更新（默认）、名称或数据条数排序。',
    }),
  ),
  order: opt(z.enum(['asc', 'desc'])).meta(
    about({
      en: '`desc` by default, and `asc` by name.',
      zh: '默认 `desc`，按名称时默认 `asc`。',
    }),
  ),
};

import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, name, opt, text } from './fields.ts';
import { collectionParams, insertResult } from './knowledge-fields.ts';
import { webAddress } from './source-fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleId = '6743e3f2a1b2c3d4e5f60742';

const created = z.object({ collectionId: z.string(), results: insertResult });
const queued = {
  collectionId: exampleId,
  results: { insertLen: 0, overToken: [], repeat: [], error: [] },
};

/** Collections whose documents lie elsewhere. */
export const sourceEndpoints = {
  createLinkCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/link',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Create a collection from a web page', zh: '由网页创建集合' },
    description: {
      en: 'Fetches the page in the background, keeps it as a file and imports its main content, or what the CSS selector `metadata.webPageSelector` finds. The name is the link until the page is read, then its title. What the link leads to may also be a PDF or any other file that can be uploaded (up to 100 MB). `training/getTrainingError` says why a page could not be read. Private addresses are refused.',
      zh: '在后台抓取网页，保存为文件，并导入其正文，或 CSS 选择器 `metadata.webPageSelector` 匹配的内容。读取前名称为链接本身，之后为网页标题。链接也可以指向 PDF 或其他可上传的文件（最大 100 MB）。无法读取的原因见 `training/getTrainingError`。不允许访问内网地址。',
    },
    body: z.object({
      datasetId: id(),
      link: webAddress().meta(about({ en: 'http or https.', zh: 'http 或 https 地址。' })),
      name: opt(name()).meta(about({ en: 'Instead of the title of the page.', zh: '代替网页标题的名称。' })),
      ...collectionParams,
      metadata: opt(z.record(z.string(), z.unknown())).meta(
        about({
          en: '`webPageSelector`: CSS selector of the parts that are wanted. Everything else is kept as it is.',
          zh: '`webPageSelector`：所需部分的 CSS 选择器。其他字段原样保存。',
        }),
      ),
    }),
    response: { kind: 'envelope', schema: created },
    errors: ['datasetNotFound', 'parentNotFound', 'modelAddressForbidden', 'languageModelNeeded'],
    example: {
      request: {
        datasetId: exampleDataset,
        parentId: null,
        link: 'https://handbook.example/leave',
        trainingType: 'chunk',
        metadata: { webPageSelector: 'article' },
      },
      response: queued,
    },
  }),

  createExternalFileCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/create/externalFileUrl',
    aliases: [{ method: 'POST', path: '/api/proApi/core/dataset/collection/create/externalFileUrl' }],
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Create a collection from a file by its address', zh: '由文件地址创建集合' },
    description: {
      en: 'Fetches a file (up to 500 MB) in the background, keeps it and imports it as if it had been uploaded. `externalFileId` is your own id of it, unique in the dataset (a second one answers 409 and names the collection), by which `collection/update` and `collection/delete` find the collection. Private addresses are refused.',
      zh: '在后台下载文件（最大 500 MB），保存并像上传的文件一样导入。`externalFileId` 为您自己的文件 id，在知识库内唯一（重复时返回 409 并给出集合），`collection/update` 与 `collection/delete` 可据此找到集合。不允许访问内网地址。',
    },
    body: z.object({
      datasetId: id(),
      externalFileUrl: webAddress().meta(about({ en: 'http or https.', zh: 'http 或 https 地址。' })),
      externalFileId: opt(text(500, 1)),
      filename: opt(name()).meta(
        about({
          en: 'Name of the collection; by default as the server calls the file. Its extension says how it is read.',
          zh: '集合名称，默认为服务器给出的文件名；扩展名决定读取方式。',
        }),
      ),
      name: opt(name()).meta(about({ en: 'The same as `filename`.', zh: '同 `filename`。' })),
      ...collectionParams,
    }),
    response: { kind: 'envelope', schema: created },
    errors: ['datasetNotFound', 'parentNotFound', 'modelAddressForbidden', 'conflict', 'languageModelNeeded'],
    example: {
      request: {
        datasetId: exampleDataset,
        externalFileUrl: 'https://files.example/rules.md',
        externalFileId: 'rules-7',
        filename: 'Rules.md',
        trainingType: 'chunk',
      },
      response: queued,
    },
  }),

  syncCollection: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/sync',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Fetch a link or API file again', zh: '重新抓取链接或 API 文件' },
    description: {
      en: 'Fetches the document again. `sameRaw`: it has not changed, and nothing is done. `success`: it has changed; a job splits it again, passages that stay the same keep their ids and vectors, and searches find the old text until the new one is there. `failed`: it could not be read; `message` says why and what to do, and everything stays as it was. The collection keeps its id.',
      zh: '重新抓取文档。`sameRaw`：内容未变，不做任何处理。`success`：内容已变，由任务重新切分，未变的段落保留其 id 与向量，新文本就绪之前检索仍返回旧文本。`failed`：无法读取，`message` 说明原因与处理办法，一切保持不变。集合 id 不变。',
    },
    body: z.object({ collectionId: id() }),
    response: { kind: 'envelope', schema: z.enum(['sameRaw', 'success', 'failed']) },
    errors: ['collectionNotFound', 'notSupportSync'],
    example: { request: { collectionId: exampleId }, response: 'success' },
  }),

  syncDataset: endpoint({
    method: 'POST',
    path: '/api/core/dataset/datasetSync',
    aliases: [{ method: 'POST', path: '/api/proApi/core/dataset/datasetSync' }],
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'Bring a dataset in step with its source', zh: '同步知识库与其来源' },
    description: {
      en: 'Reads the website of a dataset (`websiteConfig`) in the background, politely: pages of the same host, what robots.txt allows, one after the other, from its sitemap and its links, as far as the settings `WEBSITE_MAX_PAGES` and `WEBSITE_MAX_DEPTH` go. Pages that are the same stay as they are, pages that changed are imported again, and pages that are gone are removed when everything else could be read. Of an API dataset every file is fetched again. `dataset/detail` shows `status` and `errorMsg`, `core/jobs` how far it is. What runs already goes on.',
      zh: '在后台有节制地读取知识库的网站（`websiteConfig`）：仅限同一主机、robots.txt 允许的页面，逐页读取，来源为网站地图与页面链接，范围由设置 `WEBSITE_MAX_PAGES` 与 `WEBSITE_MAX_DEPTH` 限定。未变的页面保持不变，已变的重新导入，已消失的在其余页面均可读取时移除。API 知识库则重新获取每个文件。状态见 `dataset/detail` 的 `status` 与 `errorMsg`，进度见 `core/jobs`。已在进行的同步继续进行。',
    },
    body: z.object({ datasetId: id() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'noWebsite'],
    example: { request: { datasetId: exampleDataset }, response: null },
  }),

  urlFetch: endpoint({
    method: 'POST',
    path: '/api/common/tools/urlFetch',
    callers: ['session'],
    tag: 'collection',
    summary: { en: 'Read web pages', zh: '读取网页内容' },
    description: {
      en: 'Fetches up to 20 pages and answers the readable text of each, as Markdown; nothing is stored. A page that could not be read has an empty text and says why in `error`.',
      zh: '抓取最多 20 个网页，返回其可读正文（Markdown），不保存任何内容。无法读取的网页正文为空，原因见 `error`。',
    },
    body: z.object({
      urlList: z.array(webAddress()).min(1).max(20),
      selector: opt(text(500)).meta(
        about({ en: 'CSS selector of what is wanted of each page.', zh: '每个页面所需部分的 CSS 选择器。' }),
      ),
    }),
    response: {
      kind: 'envelope',
      schema: z.array(
        z.object({
          url: z.string(),
          title: z.string(),
          content: z.string(),
          selector: z.string().optional(),
          error: z.string().optional(),
        }),
      ),
    },
    example: {
      request: { urlList: ['http://handbook.example/leave'] },
      response: [
        { url: 'http://handbook.example/leave', title: 'Leave', content: '# Leave\n\nEveryone has 30 days.' },
      ],
    },
  }),
} as const;

import { limits } from './compatibility-limits.ts';

/** One row of docs/compatibility-rows.tsv: a route that programs written for FastGPT may call, or one of our own. */
export interface CompatibilityRow {
  area: string;
  methods: string[];
  path: string;
  aliases: Route[];
  callers: string[];
  /** FastGPT has it in its commercial edition only. */
  commercial: boolean;
  purpose: string;
  /** The area of work that brings it. */
  planned: string;
}

export interface Route {
  method: string;
  path: string;
}

/** What the compatibility table needs to know of an endpoint. */
export interface ServedEndpoint extends Route {
  operation: string;
  aliases: readonly Route[];
  callers: readonly string[];
}

/** `core/app/list` is written without `/api`; a path with a leading slash is as it stands. */
const absolute = (path: string) => (path.startsWith('/') ? path : `/api/${path}`);
/** Parameter names differ between declarations. */
const key = ({ method, path }: Route) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`;

/** Reads the table; throws naming the line when one is malformed. */
export function parseRows(tsv: string): CompatibilityRow[] {
  return tsv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line, index) => {
      const [area, methods, path, aliases, callers, commercial, purpose, planned] = line.split('\t');
      if (!area || !methods || !path || !callers || !purpose || !planned) {
        throw new Error(`compatibility-rows.tsv line ${index + 2} lacks a column`);
      }
      return {
        area,
        methods: methods.split(','),
        path: absolute(path),
        aliases: parseAliases(aliases ?? '', methods),
        callers: callers.split(','),
        commercial: commercial === 'y',
        purpose,
        planned,
      };
    });
}

/** `POST a/b; POST,PUT c/d`; an alias without a method takes those of its row. */
function parseAliases(text: string, methodsOfRow: string): Route[] {
  return text
    .replace(/\([^)]*\)/g, '')
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .flatMap((part) => {
      const [first = '', second] = part.split(' ');
      const [methods, path] = second ? [first, second] : [methodsOfRow, first];
      return methods.split(',').map((method) => ({ method, path: absolute(path) }));
    });
}

export interface RowState {
  state: 'done' | 'partly' | 'planned';
  /** Routes of the row that nothing serves yet. */
  missing: Route[];
  operations: string[];
}

/** Compares a row with what the contract declares: the only source of "done". */
export function stateOf(row: CompatibilityRow, served: readonly ServedEndpoint[]): RowState {
  const index = new Map<string, string>();
  for (const endpoint of served) {
    for (const route of [endpoint, ...endpoint.aliases]) index.set(key(route), endpoint.operation);
  }
  const wanted = [...row.methods.map((method) => ({ method, path: row.path })), ...row.aliases];
  const operations = new Set<string>();
  const missing = wanted.filter((route) => {
    const operation = index.get(key(route)) ?? answersPost(route, index);
    if (operation) operations.add(operation);
    return !operation;
  });
  const canonical = wanted.slice(0, row.methods.length).some((route) => !missing.includes(route));
  const state = missing.length === 0 ? 'done' : canonical ? 'partly' : 'planned';
  return { state, missing, operations: [...operations] };
}

/** Every PUT and DELETE also answers POST where its path has no other method. */
function answersPost(route: Route, index: Map<string, string>): string | undefined {
  if (route.method !== 'POST') return undefined;
  return index.get(key({ ...route, method: 'PUT' })) ?? index.get(key({ ...route, method: 'DELETE' }));
}

/**
 * The test that proves the routes of an area beyond what the enumerating test does with every route. Its own test
 * checks that it really calls each of them.
 */
export const proofs: Record<string, string> = {
  quality: 'server/src/api/quality.test.ts',
  openai: 'e2e/openai.test.ts',
  chat: 'server/src/api/chats.test.ts',
  logs: 'server/src/api/chats.test.ts',
  team: 'server/src/api/team.test.ts',
  files: 'server/src/api/files.test.ts',
  dataset: 'server/src/api/knowledge.test.ts',
  collection: 'server/src/api/knowledge.test.ts',
  tag: 'server/src/api/tags.test.ts',
  archive: 'server/src/api/archive.test.ts',
  data: 'server/src/api/knowledge.test.ts',
  training: 'server/src/api/training.test.ts',
  jobs: 'server/src/api/jobs.test.ts',
  webhook: 'server/src/api/webhooks.test.ts',
  app: 'server/src/api/apps.test.ts',
  key: 'server/src/api/people.test.ts',
  model: 'server/src/api/model-registry.test.ts',
  models: 'server/src/api/model-registry.test.ts',
  account: 'server/src/api/people.test.ts',
  system: 'server/src/http/http.test.ts',
};

/** Operations that another test proves than the one of their area, by operation id. */
export const ownProofs: Record<string, string> = {
  createChatCompletionV2: 'server/src/api/runs.test.ts',
  testChat: 'server/src/api/runs.test.ts',
  resumeChat: 'server/src/api/runs.test.ts',
  stopChat: 'server/src/api/runs.test.ts',
  deleteRecord: 'server/src/api/runs.test.ts',
  updateUserFeedback: 'server/src/api/runs.test.ts',
  listRecentlyUsed: 'server/src/api/runs.test.ts',
  readAnswerPicture: 'server/src/api/answer-picture.test.ts',
  listCollectionIds: 'server/src/api/collections-many.test.ts',
  updateCollections: 'server/src/api/collections-many.test.ts',
  retryCollections: 'server/src/api/collections-many.test.ts',
  rebuildEmbedding: 'server/src/api/embedding-rebuild.test.ts',
  getEmbeddingRebuild: 'server/src/api/embedding-rebuild.test.ts',
  updateEmbeddingRebuild: 'server/src/api/embedding-rebuild.test.ts',
  unlockTask: 'server/src/api/training.test.ts',
  insertData: 'server/src/api/data-items.test.ts',
  createDataIndex: 'server/src/api/data-items.test.ts',
  updateDataIndex: 'server/src/api/data-items.test.ts',
  deleteDataIndex: 'server/src/api/data-items.test.ts',
  createDatasetFolder: 'server/src/api/dataset-folders.test.ts',
  getDatasetPaths: 'server/src/api/dataset-folders.test.ts',
  deleteDatasets: 'server/src/api/dataset-folders.test.ts',
  moveDatasets: 'server/src/api/dataset-folders.test.ts',
  getDatasetUsage: 'server/src/api/dataset-usage.test.ts',
  listCollectionsOld: 'server/src/api/tags.test.ts',
  scrollCollections: 'server/src/api/tags.test.ts',
  createFileIdCollection: 'server/src/api/files.test.ts',
  readCollection: 'server/src/api/files.test.ts',
  presignDatasetFile: 'server/src/api/upload-addresses.test.ts',
  uploadBytes: 'server/src/api/upload-addresses.test.ts',
  getUpload: 'server/src/api/upload-addresses.test.ts',
  createDatasetWithFiles: 'server/src/api/upload-addresses.test.ts',
  createImageCollection: 'server/src/api/pictures.test.ts',
  insertImages: 'server/src/api/pictures.test.ts',
  exportCollection: 'server/src/api/csv.test.ts',
  exportDataset: 'server/src/api/csv.test.ts',
  createBackupCollection: 'server/src/api/csv.test.ts',
  createTemplateCollection: 'server/src/api/csv.test.ts',
  listDataOld: 'server/src/api/citations.test.ts',
  getQuoteData: 'server/src/api/citations.test.ts',
  getDataPermission: 'server/src/api/citations.test.ts',
  getCollectionPaths: 'server/src/api/citations.test.ts',
  reTrainCollection: 'server/src/api/citations.test.ts',
  checkDatasetSize: 'server/src/api/citations.test.ts',
  checkDatasetExport: 'server/src/api/citations.test.ts',
  checkWebSync: 'server/src/api/citations.test.ts',
  updateAccount: 'server/src/api/team.test.ts',
  updateContact: 'server/src/api/team.test.ts',
  uploadImage: 'server/src/api/avatars.test.ts',
  presignAvatar: 'server/src/api/avatars.test.ts',
  readAvatar: 'server/src/api/avatars.test.ts',
  getInitData: 'server/src/api/init-data.test.ts',
  getSystemStatus: 'server/src/api/init-data.test.ts',
  findProviderModels: 'server/src/api/provider-models.test.ts',
  listBackups: 'server/src/api/backups.test.ts',
  makeBackup: 'server/src/api/backups.test.ts',
  deleteBackup: 'server/src/api/backups.test.ts',
  linkBackup: 'server/src/api/backups.test.ts',
  downloadBackup: 'server/src/api/backups.test.ts',
  stageRestore: 'server/src/api/backups.test.ts',
  cancelRestore: 'server/src/api/backups.test.ts',
  createTrainingUsage: 'server/src/api/citations.test.ts',

  listDeletedDatasets: 'server/src/api/deleted-datasets.test.ts',
  restoreDatasets: 'server/src/api/deleted-datasets.test.ts',
  clearDatasets: 'server/src/api/deleted-datasets.test.ts',
  listDeletedApps: 'server/src/api/deleted-apps.test.ts',
  restoreApps: 'server/src/api/deleted-apps.test.ts',
  clearApps: 'server/src/api/deleted-apps.test.ts',
  copyApp: 'server/src/api/app-folders.test.ts',
  getAppBasicInfo: 'server/src/api/app-folders.test.ts',
  getAppContents: 'server/src/api/app-folders.test.ts',
  createAppFolder: 'server/src/api/app-folders.test.ts',
  getAppPath: 'server/src/api/app-folders.test.ts',
  optimizePrompt: 'server/src/api/prompts.test.ts',
  rotateKey: 'server/src/api/key-rotation.test.ts',
  copyKey: 'server/src/api/key-rotation.test.ts',
  listKeyLabels: 'server/src/api/key-rotation.test.ts',
  createKeyLabel: 'server/src/api/key-rotation.test.ts',
  updateKeyLabel: 'server/src/api/key-rotation.test.ts',
  deleteKeyLabel: 'server/src/api/key-rotation.test.ts',
  parseFile: 'server/src/api/files.test.ts',
  getPreviewChunks: 'server/src/api/files.test.ts',
  upsertItem: 'server/src/api/items.test.ts',
  getItem: 'server/src/api/items.test.ts',
  deleteItem: 'server/src/api/items.test.ts',
  listItems: 'server/src/api/items.test.ts',
  pruneItems: 'server/src/api/items.test.ts',
  syncDataset: 'server/src/api/website.test.ts',
  syncCollection: 'server/src/api/web-sources.test.ts',
  urlFetch: 'server/src/api/web-sources.test.ts',
  listApiFiles: 'server/src/api/api-datasets.test.ts',
  listExistingApiFiles: 'server/src/api/api-datasets.test.ts',
  getApiPathNames: 'server/src/api/api-datasets.test.ts',
  getApiCatalog: 'server/src/api/api-datasets.test.ts',
  createApiCollection: 'server/src/api/api-datasets.test.ts',
  createApiCollections: 'server/src/api/api-datasets.test.ts',
  createLinkCollection: 'server/src/api/web-sources.test.ts',
  createExternalFileCollection: 'server/src/api/web-sources.test.ts',
};

const introduction = `# Compatibility

Every route that programs written for FastGPT call, and Lectern's own. "Done" is not written by hand: it means that the
contract of this version declares the route with all its older paths and methods. Whatever is declared is called by
the test that enumerates the contract: with its documented example, without a key, with an unknown key, with the wrong
kind of key, and with hostile input. The last column names the test that proves what the route does.

Paths are under the base URL unless they are written with a leading slash. ★ marks what FastGPT keeps for its
commercial edition. Every PUT and DELETE also answers POST where its path has no other method. Routes marked *planned*
answer 404 with the nearest real route and the address of the documentation.
`;

const areaNames: Record<string, string> = {
  openai: 'OpenAI-compatible',
  chat: 'Chat',
  logs: 'App logs',
  files: 'Files',
  dataset: 'Datasets',
  collection: 'Collections',
  tag: 'Tags',
  data: 'Data',
  training: 'Import',
  apiDataset: 'Datasets of other systems',
  jobs: 'Jobs',
  webhook: 'Webhooks',
  quality: 'Search quality',
  archive: 'Archives',
  app: 'Apps',
  evaluation: 'Evaluation',
  tool: 'Tools',
  mcp: 'MCP',
  workflow: 'Workflows',
  model: 'Models',
  models: 'Models: operation',
  key: 'API keys',
  share: 'Sharing',
  account: 'Account',
  team: 'Teams',
  usage: 'Usage',
  system: 'System',
};

/** The whole of docs/compatibility.md. */
export function renderCompatibility(
  rows: readonly CompatibilityRow[],
  served: readonly ServedEndpoint[],
): string {
  const areas = Map.groupBy(rows, ({ area }) => area);
  const done = rows.filter((row) => stateOf(row, served).state === 'done').length;
  const parts = [introduction, `**${done} of ${rows.length} rows done.**\n`];
  for (const [area, rowsOfArea] of areas) {
    parts.push(
      `## ${areaNames[area] ?? area}\n`,
      '| Route | Older paths | Who may call | Purpose | State | Test |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rowsOfArea.map((row) => renderRow(row, served)),
      '',
    );
  }
  return `${[...parts, limits].join('\n').trimEnd()}\n`;
}

function renderRow(row: CompatibilityRow, served: readonly ServedEndpoint[]): string {
  const { state, missing, operations } = stateOf(row, served);
  const tests = new Set(operations.map((operation) => ownProofs[operation] ?? proofs[row.area]));
  const proof = [...tests].filter((path) => path !== undefined);
  const cells = [
    `${row.methods.join(', ')} \`${shown(row.path)}\``,
    row.aliases.map(({ method, path }) => `${method} \`${shown(path)}\``).join('<br>'),
    row.callers.join(', '),
    `${row.purpose}${row.commercial ? ' ★' : ''}`,
    state === 'planned'
      ? `planned: ${row.planned}`
      : state === 'done'
        ? 'done'
        : `partly; missing ${missing.map(({ method, path }) => `${method} \`${shown(path)}\``).join(', ')}`,
    proof.map((path) => `[${path.split('/').at(-1)}](../${path})`).join('<br>'),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const shown = (path: string) => path.replace(/^\/api\//, '');

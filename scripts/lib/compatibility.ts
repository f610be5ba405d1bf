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

/** A test file and its text. */
export interface TestFile {
  path: string;
  text: string;
}

/** Where the tests of an area are. */
const placesOf: Record<string, RegExp> = {
  openai: /chats|openai/,
  chat: /chats/,
  logs: /chats|logs/,
  dataset: /knowledge|datasets/,
  collection: /knowledge|collections/,
  data: /knowledge|\/data\//,
  training: /knowledge|collections/,
  app: /apps/,
  key: /keys/,
  account: /people|users/,
  system: /http|openapi/,
};
const enumerating = /contract-matrix\.test\.ts$/;
/** These speak to providers, whose routes are called alike. */
const upstream = /\/models\/|^bench\//;

/** The tests that call a row's routes by path or by operation id: those about its area first, then those that do it most. */
export function testsOf(
  row: CompatibilityRow,
  operations: readonly string[],
  tests: readonly TestFile[],
): string[] {
  const bare = [row.path, ...row.aliases.map(({ path }) => path)].map((path) =>
    path.replace(/^\/(api\/)?/, ''),
  );
  const patterns = [
    ...bare.filter(Boolean).map((path) => new RegExp(`${escapeRegExp(path)}(?![\\w/])`, 'g')),
    // Tests of one resource leave out what its paths have in common.
    ...bare
      .map((path) => path.split('/').slice(-2).join('/'))
      .filter((end, index) => end.includes('/') && end !== bare[index])
      .map((end) => new RegExp(`['"\`]/?${escapeRegExp(end)}(?![\\w/])`, 'g')),
    ...operations.map((operation) => new RegExp(`\\b${escapeRegExp(operation)}\\b`, 'g')),
  ];
  const count = (text: string) =>
    patterns.reduce((sum, pattern) => sum + (text.match(pattern)?.length ?? 0), 0);
  const place = placesOf[row.area];
  return tests
    .filter(({ path }) => !enumerating.test(path) && !upstream.test(path))
    .map(({ path, text }) => ({ path, hits: count(text), near: Number(place?.test(path) ?? false) }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.near - a.near || b.hits - a.hits || a.path.localeCompare(b.path))
    .map(({ path }) => path);
}

const escapeRegExp = (text: string) =>
  text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\{\w+\\\}/g, '[^/\\s`\'"]+');

const introduction = `# Compatibility

Every route that programs written for FastGPT call, and Lectern's own. "Done" is not written by hand: it means that the
contract of this version declares the route with all its older paths and methods. Whatever is declared is called by
the test that enumerates the contract: with its documented example, without a key, with an unknown key, with the wrong
kind of key, and with hostile input. The last column names the test that says most about the route beyond that.

Paths are under the base URL unless they are written with a leading slash. ★ marks what FastGPT keeps for its
commercial edition. Every PUT and DELETE also answers POST where its path has no other method. Routes marked *planned*
answer 404 with the nearest real route and the address of the documentation.
`;

const areaNames: Record<string, string> = {
  openai: 'OpenAI-compatible',
  chat: 'Chat',
  logs: 'App logs',
  dataset: 'Datasets',
  collection: 'Collections',
  data: 'Data',
  training: 'Import',
  file: 'Files',
  app: 'Apps',
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
  tests: readonly TestFile[],
): string {
  const areas = Map.groupBy(rows, ({ area }) => area);
  const done = rows.filter((row) => stateOf(row, served).state === 'done').length;
  const parts = [introduction, `**${done} of ${rows.length} rows done.**\n`];
  for (const [area, rowsOfArea] of areas) {
    parts.push(
      `## ${areaNames[area] ?? area}\n`,
      '| Route | Older paths | Who may call | Purpose | State | Test |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rowsOfArea.map((row) => renderRow(row, served, tests)),
      '',
    );
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

function renderRow(
  row: CompatibilityRow,
  served: readonly ServedEndpoint[],
  tests: readonly TestFile[],
): string {
  const { state, missing, operations } = stateOf(row, served);
  const found = state === 'planned' ? [] : testsOf(row, operations, tests);
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
    found[0]
      ? `[${found[0].split('/').at(-1)}](../${found[0]})`
      : state === 'planned'
        ? ''
        : contractTest(tests),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** What is declared is at least called by the test that enumerates the contract. */
const contractTest = (tests: readonly TestFile[]) => {
  const file = tests.find(({ path }) => enumerating.test(path));
  return file ? `[contract-matrix.test.ts](../${file.path})` : '';
};

const shown = (path: string) => path.replace(/^\/api\//, '');

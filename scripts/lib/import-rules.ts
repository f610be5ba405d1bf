/** A source file: path from the root with forward slashes, and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

interface Import {
  specifier: string;
  /** The imported names as written, without braces. */
  names: string;
  typeOnly: boolean;
  line: number;
}

/**
 * Which folder of the server may import which (besides itself, `kernel` and the contract). `ports.ts` and `schema.ts`
 * hold types only and may be imported as types from every folder of the middle.
 */
const mayImport: Record<string, readonly string[]> = {
  kernel: [],
  store: [],
  models: [],
  retrieval: ['store', 'models'],
  workflow: [],
  jobs: ['store', 'domain'],
  domain: ['workflow', 'retrieval', 'models', 'jobs', 'store'],
  api: ['domain', 'version.ts'],
  http: ['api', 'domain', 'version.ts'],
};
const middle = ['store', 'models', 'retrieval', 'workflow', 'jobs'];
/** Build the whole out of the parts, and may therefore import all of them; so do the files beside main.ts. */
const compositionRoots = ['cli', 'testing', 'domain/first-run'];
/** Plain values of everybody: `Config` as a type, the version. */
const plain = ['config.ts'];
const settings = ['config.ts', 'version.ts'];

interface PackageRule {
  packages: RegExp;
  where: RegExp;
  why: string;
}

const packageRules: PackageRule[] = [
  {
    packages: /^(fastify$|@fastify\/|@scalar\/)/,
    where: /^server\/src\/http\//,
    why: 'only http/ knows Fastify',
  },
  { packages: /^(node:sqlite|pg)$/, where: /^server\/src\/store\//, why: 'only store/ knows the engine' },
  { packages: /^@electric-sql\//, where: /^server\/src\/testing\//, why: 'PGlite is for tests only' },
  {
    packages: /^(undici|node:(http|https|http2|net|tls|dgram|dns)(\/.*)?)$/,
    where: /^server\/src\/(models\/|kernel\/outbound|http\/)/,
    why: 'outbound connections are made by models/ and kernel/outbound only',
  },
];

const importPattern =
  /^[ \t]*(?:import|export)\s+(type\s+)?([^'";]*?)\s*from\s*['"]([^'"]+)['"]|^[ \t]*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

function importsOf(text: string): Import[] {
  return [...text.matchAll(importPattern)].map((match) => {
    const names = (match[2] ?? '').replace(/[{}]/g, ' ').trim();
    const each = names
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    return {
      specifier: match[3] ?? match[4] ?? match[5] ?? '',
      names,
      typeOnly: Boolean(match[1]) || (each.length > 0 && each.every((name) => name.startsWith('type '))),
      line: text.slice(0, match.index).split('\n').length + (match[0].startsWith('\n') ? 1 : 0),
    };
  });
}

/** The path from the root that a relative import means. */
function resolveImport(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Folder directly below server/src, or the file itself when it lies there. */
const areaOf = (path: string) => path.replace(/^server\/src\//, '').split('/')[0] ?? '';
const isRoot = (path: string) =>
  (/^server\/src\/[^/]+$/.test(path) && !settings.includes(areaOf(path))) ||
  compositionRoots.some((root) => path === `server/src/${root}` || path.startsWith(`server/src/${root}/`));

/** What an import of another file of ours breaks; `null` = nothing. */
function brokenDirection(from: string, target: string, typeOnly: boolean): string | null {
  const workspace = from.split('/')[0];
  const targetWorkspace = target.split('/')[0];
  if (workspace === 'contract' && targetWorkspace !== 'contract') return 'contract imports nothing of ours';
  if (workspace === 'web' && !['web', 'contract'].includes(targetWorkspace ?? ''))
    return 'web imports contract only';
  if (workspace !== 'server' || targetWorkspace !== 'server' || isRoot(from)) return null;
  const area = areaOf(from);
  const targetArea = areaOf(target);
  if (area === 'workflow' && siblingNodes(from, target)) return 'nodes never import each other';
  if (area === targetArea || targetArea === 'kernel') return null;
  const typesOfMiddle = typeOnly && middle.includes(targetArea) && /\/(ports|schema)\.ts$/.test(target);
  if (
    typesOfMiddle &&
    [...middle, 'domain'].includes(area) &&
    !(area === 'workflow' && targetArea === 'store')
  )
    return null;
  if (plain.includes(targetArea) && typeOnly && area !== 'workflow') return null;
  if (settings.includes(area)) return 'settings import kernel only';
  return mayImport[area]?.includes(targetArea) ? null : `${area} may not import ${targetArea}`;
}

/** What of the contract a browser may load: its client and plain functions, never the schemas and texts of all endpoints. */
const lightContract = /^contract\/src\/(allowed-hosts|client|lang|welcome)\.ts$/;

function heavyForBrowser(from: string, target: string, typeOnly: boolean): string | null {
  if (!from.startsWith('web/src/') || !target.startsWith('contract/') || typeOnly) return null;
  return lightContract.test(target) ? null : 'the console takes types from the contract, and its client';
}

/** Ours of these load what places them when they are first opened; Mantine's would be in the first load of a screen. */
const loadedWhenOpened = /^(Drawer|Menu|Modal|MultiSelect|Popover|Select|TagsInput|Tooltip)\b/;
/** Hold Mantine's, and load when they are needed. */
const holdsMantines = /^web\/src\/(ui\/|app\/tips-container\.tsx$)/;

function heavyOfMantine(from: string, specifier: string, names: string): string | null {
  if (!from.startsWith('web/src/') || specifier !== '@mantine/core' || holdsMantines.test(from)) return null;
  const heavy = names
    .split(',')
    .map((name) => name.trim())
    .find((name) => loadedWhenOpened.test(name));
  return heavy ? `${heavy}: take it from ui/, which loads it when it is first opened` : null;
}

function siblingNodes(from: string, target: string): boolean {
  const nodes = 'server/src/workflow/nodes/';
  if (!from.startsWith(nodes) || !target.startsWith(nodes) || from.endsWith('/index.ts')) return false;
  const home = (path: string) => path.slice(nodes.length).split('/')[0];
  return home(from) !== home(target);
}

const workspacePackages = /^@lectern\/([a-z0-9]+)\/(.+)$/;
const isTesting = (path: string) => path.startsWith('server/src/testing/');
/** Tests and the worlds they build may reach everything. */
const isTest = (path: string) => /\.test\.ts$|\/test-[a-z-]+\.ts$|-child\.ts$|\/fixtures\//.test(path);

/** Everything in these files that goes against the direction of imports, one line each; empty = all is well. */
export function brokenRules(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => (isTest(file.path) ? [] : brokenRulesOf(file)));
}

function brokenRulesOf({ path, text }: SourceFile): string[] {
  const found: string[] = [];
  const report = (line: number, what: string) => found.push(`${path}:${line}: ${what}`);
  const product = /^(contract|server|web)\//.test(path);
  for (const { specifier, names, typeOnly, line } of importsOf(text)) {
    const ours = workspacePackages.exec(specifier);
    if (specifier.endsWith('.json')) continue;
    if (ours || specifier.startsWith('.')) {
      const target = ours ? `${ours[1]}/src/${ours[2]}` : resolveImport(path, specifier);
      if (!ours && product && target.split('/')[0] !== path.split('/')[0]) {
        report(line, `${specifier}: reach another workspace by its package name`);
      }
      const broken = brokenDirection(path, target, typeOnly) ?? heavyForBrowser(path, target, typeOnly);
      if (broken) report(line, `${specifier}: ${broken}`);
      continue;
    }
    if (!product) continue;
    const heavy = typeOnly ? null : heavyOfMantine(path, specifier, names);
    if (heavy) report(line, `${specifier}: ${heavy}`);
    if (path.startsWith('web/src/') && specifier.startsWith('node:'))
      report(line, `${specifier}: the console runs in a browser`);
    if (path.startsWith('contract/') && specifier !== 'zod')
      report(line, `${specifier}: contract depends on zod only`);
    if (!path.startsWith('server/') || typeOnly || isTesting(path)) continue;
    for (const rule of packageRules) {
      if (rule.packages.test(specifier) && !rule.where.test(path)) report(line, `${specifier}: ${rule.why}`);
    }
    if (specifier === 'kysely' && /\bsql\b/.test(names) && !path.startsWith('server/src/store/')) {
      report(line, 'sql`…`: only store/ writes SQL text');
    }
  }
  if (path.startsWith('web/src/')) reportBrowserTraps(path, text, report);
  if (path.startsWith('server/') && !/^server\/src\/(http\/|testing\/|kernel\/outbound)/.test(path))
    reportGlobalFetch(text, report);
  return found;
}

/** The global fetch follows any address: outbound calls go through the guarded client or a provider's own. */
function reportGlobalFetch(text: string, report: (line: number, what: string) => void) {
  if (/import\s[^;]*\bfetch\b[^;]*from/.test(text)) return;
  text.split('\n').forEach((line, index) => {
    if (/(?<![\w.$'"`])(globalThis\.)?fetch\(/.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line)) {
      report(index + 1, 'global fetch: use models/ or kernel/outbound');
    }
  });
}

/** `watched.ts` says how far an upload is, which fetch cannot. */
const talksToServer = new Set(['web/src/api/client.ts', 'web/src/api/watched.ts']);

/** In the console only the client talks to the server, and nothing turns text into HTML by itself. */
function reportBrowserTraps(path: string, text: string, report: (line: number, what: string) => void) {
  text.split('\n').forEach((line, index) => {
    if (
      !talksToServer.has(path) &&
      /(?<![\w.$'"`])(window\.|globalThis\.)?fetch\(|new (XMLHttpRequest|EventSource|WebSocket)\b/.test(line)
    )
      report(index + 1, 'talk to the server through api/client.ts');
    if (/\bTable\.ScrollContainer\b/.test(line) && path.startsWith('web/src/features/'))
      report(index + 1, 'Table.ScrollContainer: ui/table-scroll.tsx does it without loading bars of its own');
    if (/dangerouslySetInnerHTML|\.innerHTML\b/.test(line) && !path.startsWith('web/src/chat/markdown/'))
      report(index + 1, 'HTML from text: chat/markdown is the one place that renders it');
  });
}

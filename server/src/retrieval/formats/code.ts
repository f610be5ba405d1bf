import { extname } from 'node:path';
import { markLine } from '../../kernel/positions.ts';
import { decodeText } from './encoding.ts';
import { fencedCode } from './fence.ts';
import type { Format } from './format.ts';

/** The name that fences give a language, by the extensions of its files. */
const languages: Record<string, string[]> = {
  python: ['py', 'pyi', 'pyw'],
  javascript: ['js', 'mjs', 'cjs'],
  jsx: ['jsx'],
  typescript: ['ts', 'mts', 'cts'],
  tsx: ['tsx'],
  vue: ['vue'],
  svelte: ['svelte'],
  java: ['java'],
  kotlin: ['kt', 'kts'],
  scala: ['scala'],
  groovy: ['groovy', 'gradle'],
  c: ['c', 'h'],
  cpp: ['cpp', 'cc', 'cxx', 'hpp', 'hh', 'hxx'],
  csharp: ['cs'],
  fsharp: ['fs'],
  vb: ['vb'],
  go: ['go'],
  rust: ['rs'],
  swift: ['swift'],
  objectivec: ['m', 'mm'],
  dart: ['dart'],
  ruby: ['rb'],
  php: ['php'],
  perl: ['pl', 'pm'],
  lua: ['lua'],
  r: ['r'],
  julia: ['jl'],
  elixir: ['ex', 'exs'],
  erlang: ['erl'],
  haskell: ['hs'],
  clojure: ['clj', 'cljs'],
  bash: ['sh', 'bash', 'zsh'],
  powershell: ['ps1', 'psm1'],
  batch: ['bat', 'cmd'],
  sql: ['sql'],
  graphql: ['graphql', 'gql'],
  protobuf: ['proto'],
  css: ['css'],
  scss: ['scss', 'sass'],
  less: ['less'],
  xml: ['xml', 'xsd', 'xsl', 'svg', 'plist'],
  yaml: ['yaml', 'yml'],
  toml: ['toml'],
  ini: ['ini', 'cfg', 'conf', 'properties', 'env'],
  hcl: ['tf', 'hcl'],
  latex: ['tex'],
  diff: ['diff', 'patch'],
};

const byExtension = new Map(
  Object.entries(languages).flatMap(([language, extensions]) =>
    extensions.map((extension): [string, string] => [extension, language]),
  ),
);

/** Pieces of about so many characters; a function that is longer stays whole as far as this goes. */
const wantedLength = 1200;

/** Source code between fences, cut between functions only; each line knows its number. */
export const codeFormat: Format = {
  name: 'Source code',
  extensions: [...byExtension.keys()],
  maxBytes: 10e6,
  read({ name, bytes }) {
    const language = byExtension.get(extname(name).slice(1).toLowerCase()) ?? '';
    const lines = decodeText(bytes).text.replace(/\r\n?/g, '\n').split('\n');
    const pieces = piecesOf(lines).map(({ start, end }) => {
      // The longest fence in the code decides before marks stand in its lines.
      const [open = '', ...rest] = fencedCode(lines.slice(start, end).join('\n'), language).split('\n');
      const marked = rest.map((line, i) =>
        i === rest.length - 1 || line.trim() === '' ? line : markLine(line, { row: start + i + 1 }),
      );
      return [open, ...marked].join('\n');
    });
    return { markdown: pieces.join('\n\n') };
  },
};

/** Stretches of lines, from `start` to before `end`, without empty ones at either side. */
function piecesOf(lines: string[]): { start: number; end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  let start = 0;
  let length = 0;
  const close = (end: number): void => {
    let last = end;
    while (last > start && (lines[last - 1] ?? '').trim() === '') last -= 1;
    if (last > start) pieces.push({ start, end: last });
    start = end;
    length = 0;
  };
  for (const [i, line] of lines.entries()) {
    if (length === 0 && line.trim() === '') {
      start = i + 1;
      continue;
    }
    // After an empty line, what is not indented begins something new.
    const begins = i > 0 && (lines[i - 1] ?? '').trim() === '' && /^[^\s})\]]/.test(line);
    if (begins && length >= wantedLength) close(i);
    length += line.length + 1;
  }
  close(lines.length);
  return pieces;
}

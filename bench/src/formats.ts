import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readDocument } from '@lectern/server/retrieval/formats/index.ts';

/*
 * npm run bench:formats -- --data DIR [--show]
 * Which share of the strings that manifest.json expects of each file is found in what the parser makes of it.
 */

interface Entry {
  file: string;
  format: string;
  kind: string;
  expect: string[];
  reject?: string[];
}

const measured = ['md', 'txt', 'html', 'pdf'];

/** Line ends and the spacing of columns differ between tools, words do not. */
const comparable = (text: string): string => text.normalize('NFKC').replace(/[\s\u00ad]/g, '');

const { values } = parseArgs({ options: { data: { type: 'string' }, show: { type: 'string' } } });
if (!values.data) throw new Error('Usage: npm run bench:formats -- --data DIR [--show FILE]');
const directory = values.data;
const entries = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as Entry[];

const totals = new Map<string, { found: number; expected: number }>();
for (const entry of entries) {
  if (!measured.includes(entry.format) || entry.kind === 'scan') continue;
  const started = performance.now();
  const { markdown } = await readDocument({ name: entry.file, path: join(directory, entry.file) }, () => {});
  const elapsed = Math.round(performance.now() - started);
  if (values.show === entry.file) console.log(markdown);
  const text = comparable(markdown);
  const missing = entry.expect.filter((wanted) => !text.includes(comparable(wanted)));
  const unwanted = (entry.reject ?? []).filter((refused) => text.includes(comparable(refused)));
  const total = totals.get(entry.format) ?? { found: 0, expected: 0 };
  total.found += entry.expect.length - missing.length - unwanted.length;
  total.expected += entry.expect.length;
  totals.set(entry.format, total);
  const verdict = missing.length + unwanted.length === 0 ? 'ok' : JSON.stringify({ missing, unwanted });
  console.log(`${entry.format.padEnd(5)} ${String(elapsed).padStart(5)} ms  ${entry.file}  ${verdict}`);
}
for (const [format, { found, expected }] of totals) {
  console.log(`${format}: ${found} of ${expected} (${((100 * found) / expected).toFixed(1)} %)`);
}

/*
 * `npm run bench -- [--only a,c] [--quick] [--no-write] [--database postgres://… [--data DIR]]`: measures the server on
 * loopback and writes docs/benchmarks.md. A quick run only shows that everything works; it writes nothing. With a
 * database (a PostgreSQL that has the extension `vector`), part g compares both engines, with the folder of the
 * development sets also what they find, and part h measures vectors there.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { render, writeReport } from './lib/report.ts';
import type { Section } from './lib/section.ts';
import { runAnswers } from './parts/answers.ts';
import { runConsole } from './parts/console.ts';
import { runEngines } from './parts/engines.ts';
import { runGrowth } from './parts/growth.ts';
import { runIngest } from './parts/ingest.ts';
import { runKeyword } from './parts/keyword.ts';
import { runPostgresVectors } from './parts/postgres-vectors.ts';
import { runStart } from './parts/start.ts';
import { runStreams } from './parts/streams.ts';
import { runVectors } from './parts/vectors.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: names.join(',') },
    quick: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
    database: { type: 'string' },
    data: { type: 'string' },
  },
});
const wanted = new Set(values.only.split(',').map((name) => name.trim()));
for (const name of wanted) {
  if (!names.includes(name)) throw new Error(`there is no part ${name}: choose from ${names.join(', ')}`);
}
const scale = { quick: values.quick };
const sections: Section[] = [];

/** Shows a part as soon as it is measured: a later one may fail. */
function add(...done: Section[]): void {
  sections.push(...done);
  for (const section of done) process.stdout.write(`\n${render(section, values.quick)}\n`);
}

if (wanted.has('a') || wanted.has('b')) add(...(await runAnswers(wanted, scale)));
if (wanted.has('c')) add(await runStreams(scale));
if (wanted.has('d')) add(await runStart(scale));
if (wanted.has('e')) add(await runKeyword(scale));
if (wanted.has('f')) add(await runVectors(scale));
if (wanted.has('g') && values.database !== undefined) {
  add(await runEngines({ ...scale, database: values.database, data: values.data }));
}

if (wanted.has('h') && values.database !== undefined) add(await runPostgresVectors(scale, values.database));
if (wanted.has('i')) add(await runIngest(scale));
if (wanted.has('j')) add(await runGrowth(scale));
if (wanted.has('k')) add(await runConsole(scale));

const missed = sections.flatMap((section) =>
  section.checks.filter((check) => !check.met).map((check) => `${section.id}: ${check.name}`),
);
process.stdout.write(missed.length > 0 ? `\nTargets missed: ${missed.join('; ')}\n` : '\nAll targets met.\n');
if (!values.quick && !values['no-write']) {
  await writeReport(join(import.meta.dirname, '../../docs/benchmarks.md'), sections, values.quick);
}

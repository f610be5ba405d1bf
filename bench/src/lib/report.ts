import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import type { Section } from './section.ts';

const intro = `# Benchmarks

Made by \`npm run bench\`; run it to see the numbers of your own machine. Everything runs on loopback: the server as it
is shipped, a simulated provider, and two baselines measured in the same run. CPU is that of the server's whole process
tree, user and system: it stays the same where throughput depends on what else the machine does. The ratio to the
baseline \`reframe\`, which does the least that any gateway must, is what to compare.
`;

function table(columns: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One section as Markdown. */
export function render(section: Section, quick: boolean): string {
  const checks = section.checks.map((c) => [c.name, c.target, c.measured, c.met ? 'yes' : '**no**']);
  const [cpu] = cpus();
  const where = `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model.trim() || 'unknown CPU'}, ${new Date().toISOString().slice(0, 10)}`;
  return [
    `## ${section.title}`,
    '',
    section.method,
    '',
    table(section.columns, section.rows),
    '',
    table(['target', 'aim', 'measured', 'met'], checks),
    '',
    `${where}.${quick ? ' A quick run: too short for numbers to rely on.' : ''}`,
  ].join('\n');
}

/** Replaces the sections that were run in the file and leaves the others as they are. */
export async function writeReport(path: string, sections: Section[], quick: boolean): Promise<void> {
  const old = await readFile(path, 'utf8').catch(() => '');
  const parts = new Map<string, string>();
  for (const [, id = '', body = ''] of old.matchAll(/<!-- part (\w+) -->\n([\s\S]*?)\n<!-- end -->/g))
    parts.set(id, body);
  for (const section of sections) parts.set(section.id, render(section, quick));
  const bodies = [...parts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([id, body]) => `<!-- part ${id} -->\n${body}\n<!-- end -->`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${intro}\n${bodies.join('\n\n')}\n`);
}

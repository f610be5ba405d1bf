import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { closingLine, countTests, type TestReport } from './lib/test-report.ts';

/*
 * `npm test [-- filter…]`: the whole suite, or the files whose path contains a filter. The last line is always
 * `N passed, N failed`, so that people and machines read the result in one place.
 */
const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'lectern-test-'));
const reportFile = join(folder, 'report.json');

const child = spawn(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));

child.once('exit', (code) => {
  const counts = countTests(readReport(), code ?? 1);
  rmSync(folder, { recursive: true, force: true });
  // stdout may be a pipe: leave by exit code, not by process.exit(), so that the line is written out.
  process.exitCode = counts.failed > 0 ? 1 : 0;
  console.log(`\n${closingLine(counts)}`);
});

function readReport(): TestReport | null {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')) as TestReport;
  } catch {
    return null;
  }
}

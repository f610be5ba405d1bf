import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { closingLine, countTests, type TestReport } from './test-report.ts';

const root = resolve(import.meta.dirname, '../..');

/**
 * Runs the whole suite, or the files whose path contains a filter, and closes with the line `N passed, N failed`.
 * `note` is printed before it.
 */
export function runTests(filters: readonly string[], note?: string): void {
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
      ...filters,
    ],
    { cwd: root, stdio: 'inherit' },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));

  child.once('exit', (code) => {
    const counts = countTests(readReport(reportFile), code ?? 1);
    rmSync(folder, { recursive: true, force: true });
    // stdout may be a pipe: leave by exit code, not by process.exit(), so that the line is written out.
    process.exitCode = counts.failed > 0 ? 1 : 0;
    console.log(`\n${note === undefined ? '' : `${note}\n`}${closingLine(counts)}`);
  });
}

function readReport(file: string): TestReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport;
  } catch {
    return null;
  }
}

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import {
  closingLine,
  countTests,
  failedFiles,
  failuresOf,
  replaceFiles,
  type TestReport,
} from './test-report.ts';

const root = resolve(import.meta.dirname, '../..');

/** When more files fail, it is no accident. */
const mostTriedAgain = 3;

/**
 * Runs the whole suite, or the files whose path contains a filter, and closes with the line `N passed, N failed`.
 * `note` is printed before it. In CI, where another program may take a machine's time at any moment, a few files that
 * failed are run once more by themselves; what passes only then is named, and is to be mended.
 */
export async function runTests(filters: readonly string[], note?: string): Promise<void> {
  let { code, report } = await runVitest(filters);
  const first = report === null ? [] : failedFiles(report);
  const unsteady: string[] = [];
  if (process.env.CI && report !== null && first.length > 0 && first.length <= mostTriedAgain) {
    console.log(`\nOnce more, by themselves: ${first.map(shown).join(', ')}`);
    const again = await runVitest(first);
    if (again.report !== null) {
      const left = new Set(failedFiles(again.report));
      const mended = failuresOf(report).filter(({ file }) => !left.has(file));
      unsteady.push(...mended.map(({ file, test }) => `  ${shown(file)}: ${test}`));
      report = replaceFiles(report, again.report);
      code = again.code;
    }
  }
  const counts = countTests(report, code);
  const lines = ['', ...(note === undefined ? [] : [note])];
  if (unsteady.length > 0) lines.push('Passed only when run again, by themselves:', ...unsteady);
  const failures = report === null ? [] : failuresOf(report);
  if (failures.length > 0) {
    lines.push('Failed:');
    for (const { file, test, message } of failures) lines.push(`  ${shown(file)}: ${test}`, `    ${message}`);
  }
  // stdout may be a pipe: leave by exit code, not by process.exit(), so that the lines are written out.
  process.exitCode = counts.failed > 0 ? 1 : 0;
  console.log([...lines, closingLine(counts)].join('\n'));
}

const shown = (file: string) => relative(root, file);

/** One run of the test runner; `report` is null when it broke down before it could write one. */
async function runVitest(filters: readonly string[]): Promise<{ code: number; report: TestReport | null }> {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-test-'));
  const reportFile = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...filters],
    { cwd: root, stdio: 'inherit' },
  );
  const stop = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  const code = await new Promise<number>((done) => child.once('exit', (exit) => done(exit ?? 1)));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  const report = readReport(reportFile);
  rmSync(folder, { recursive: true, force: true });
  return { code, report };
}

function readReport(file: string): TestReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport;
  } catch {
    return null;
  }
}

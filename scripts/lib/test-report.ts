/** The part of Vitest's JSON report that is used. */
export interface TestReport {
  testResults: {
    /** Absolute path of the file. */
    name: string;
    status: string;
    /** Why the file itself failed, if it did. */
    message?: string;
    assertionResults: { status: string; fullName?: string; failureMessages?: string[] | null }[];
  }[];
}

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Counts tests. What fails outside a test (a file that does not load, an unhandled rejection, a crash of the runner)
 * counts as a failure too: a suite that says `0 failed` must be right.
 */
export function countTests(report: TestReport | null, exitCode: number): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') counts.failed += 1;
      else counts.skipped += 1;
    }
    const told = file.assertionResults.some(({ status }) => status === 'failed');
    if (file.status === 'failed' && !told) counts.failed += 1;
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** The files in which something failed, as absolute paths. */
export function failedFiles(report: TestReport): string[] {
  return [...new Set(failuresOf(report).map(({ file }) => file))];
}

/** Every failure, with the first line of what was said of it. */
export function failuresOf(report: TestReport): { file: string; test: string; message: string }[] {
  return report.testResults.flatMap((file) => {
    const tests = file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName = '', failureMessages }) => ({
        file: file.name,
        test: fullName,
        message: firstLine(failureMessages?.[0]),
      }));
    if (tests.length > 0 || file.status !== 'failed') return tests;
    return [{ file: file.name, test: 'the file itself', message: firstLine(file.message) }];
  });
}

const firstLine = (text = '') => (text.trim().split('\n')[0] ?? '').slice(0, 500);

/** The report with the files of a later run in place of their earlier selves. */
export function replaceFiles(report: TestReport, later: TestReport): TestReport {
  const anew = new Set(later.testResults.map(({ name }) => name));
  return {
    testResults: [...report.testResults.filter(({ name }) => !anew.has(name)), ...later.testResults],
  };
}

/** The last line of a test run. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** The part of Vitest's JSON report that counts. */
export interface TestReport {
  testResults: {
    status: string;
    assertionResults: { status: string }[];
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

/** The last line of a test run. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

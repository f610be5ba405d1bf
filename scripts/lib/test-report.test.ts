import { expect, test } from 'vitest';
import { closingLine, countTests } from './test-report.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((status) => ({ status })),
});

test('counts passed, failed and skipped tests over all files', () => {
  const counts = countTests(
    { testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed', 'pending', 'todo')] },
    1,
  );
  expect(closingLine(counts)).toBe('2 passed, 1 failed, 2 skipped');
});

test('a file that does not load is a failure', () => {
  expect(closingLine(countTests({ testResults: [file('failed'), file('passed', 'passed')] }, 1))).toBe(
    '1 passed, 1 failed',
  );
});

test('a runner that fails without naming a test is a failure', () => {
  expect(closingLine(countTests({ testResults: [file('passed', 'passed')] }, 1))).toBe('1 passed, 1 failed');
  expect(closingLine(countTests(null, 1))).toBe('0 passed, 1 failed');
});

import { expect, test } from 'vitest';
import { closingLine, countTests, failedFiles, failuresOf, replaceFiles } from './test-report.ts';

const file = (status: string, ...tests: string[]) => named('/a.test.ts', status, ...tests);

const named = (name: string, status: string, ...tests: string[]) => ({
  name,
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

test('names what failed, also a file that does not load', () => {
  const broken = { ...named('/b.test.ts', 'failed'), message: 'Cannot find it\nat x' };
  const report = { testResults: [named('/a.test.ts', 'failed', 'failed', 'passed'), broken] };
  expect(failedFiles(report)).toEqual(['/a.test.ts', '/b.test.ts']);
  expect(failuresOf(report)[1]).toEqual({
    file: '/b.test.ts',
    test: 'the file itself',
    message: 'Cannot find it',
  });
});

test('a file that was run again counts as it was the last time', () => {
  const before = { testResults: [named('/a.test.ts', 'failed', 'failed'), file('passed', 'passed')] };
  const mended = replaceFiles(
    { testResults: [named('/a.test.ts', 'failed', 'failed'), named('/b.test.ts', 'passed', 'passed')] },
    { testResults: [named('/a.test.ts', 'passed', 'passed', 'passed')] },
  );
  expect(closingLine(countTests(mended, 0))).toBe('3 passed, 0 failed');
  const still = replaceFiles(before, { testResults: [named('/a.test.ts', 'failed', 'failed', 'passed')] });
  expect(closingLine(countTests(still, 1))).toBe('1 passed, 1 failed');
});

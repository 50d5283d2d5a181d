import { expect, test } from 'vitest';
import { countTests } from '../scripts/results/count-tests.ts';

const nothing = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
const loaded = { status: 'passed', assertionResults: [{}], name: 'a.test.ts' };

test.each([
  ['tests that passed', { numPassedTests: 3 }, [loaded], { passed: 3, failed: 0 }],
  ['tests that failed', { numPassedTests: 1, numFailedTests: 2 }, [], { passed: 1, failed: 2 }],
  [
    'tests that were left out',
    { numPendingTests: 1, numTodoTests: 1 },
    [],
    { passed: 0, failed: 2 },
  ],
  [
    'files that could not be loaded',
    { numPassedTests: 1 },
    [loaded, { status: 'failed', assertionResults: [], name: 'b.test.ts' }],
    { passed: 1, failed: 1 },
  ],
])('CI counts %s', (_what, numbers, testResults, counts) => {
  expect(countTests(JSON.stringify({ ...nothing, ...numbers, testResults }))).toEqual(counts);
});

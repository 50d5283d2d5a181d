import { z } from 'zod';

/** The part of vitest's JSON report that says what happened. */
const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.unknown()), name: z.string() }),
  ),
});

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Counts a run so that nothing hides: a file that could not be loaded has no tests of its own and
 * counts as one failed, and so does a test that was left out.
 */
export function countTests(reportText: string): Counts {
  const report = reportSchema.parse(JSON.parse(reportText));
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  const leftOut = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: report.numFailedTests + leftOut + unloaded };
}

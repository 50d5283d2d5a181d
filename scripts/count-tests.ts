import { readFileSync } from 'node:fs';
import { countTests } from './results/count-tests.ts';

/** `count-tests.ts REPORT`: prints "PASSED FAILED" of a vitest JSON report, for .ci/run. */
const { passed, failed } = countTests(readFileSync(process.argv[2] ?? '', 'utf8'));
process.stdout.write(`${passed} ${failed}\n`);

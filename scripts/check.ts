import { join } from 'node:path';
import { runProgram } from './programs/run-program.ts';

/**
 * `npm run check`: everything that needs no story. All steps run, also when one fails, so that one
 * round shows all there is to mend. Each ends in a line `ok NAME` or `failed NAME`.
 */
const STEPS = [
  { name: 'format and lint', script: 'node_modules/@biomejs/biome/bin/biome', args: ['ci'] },
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['--noEmit'] },
  {
    name: 'types of the web application',
    script: 'node_modules/typescript/bin/tsc',
    args: ['--noEmit', '--project', 'web'],
  },
  {
    name: 'tidy',
    script: 'node_modules/vitest/vitest.mjs',
    args: ['run', '--reporter=dot', 'tests/tidy.test.ts'],
  },
  { name: 'unused code', script: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
  { name: 'schema', script: 'scripts/schema.ts', args: ['--check'] },
] as const;

const root = join(import.meta.dirname, '..');
for (const { name, script, args } of STEPS) {
  const startedAt = performance.now();
  const { exitCode, output } = await runProgram(process.execPath, [join(root, script), ...args], {
    cwd: root,
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (exitCode !== 0) {
    process.stdout.write(output);
    process.exitCode = 1;
  }
  process.stdout.write(`${exitCode === 0 ? 'ok    ' : 'failed'}  ${name}  ${seconds} s\n`);
}

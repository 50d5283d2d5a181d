import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';

/** Keeps 20,000 objects alive while it makes and forgets two million; tells the heap's size. */
const CHURN = `
  import { getHeapSpaceStatistics } from 'node:v8';
  const alive = [];
  for (let made = 0; made < 2_000_000; made += 1) alive[made % 20_000] = { made, text: [made] };
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  process.stdout.write(JSON.stringify(space.space_size / 1e6));`;

async function youngMegabytes(before: string): Promise<number> {
  const flags = ['--input-type=module', '-e', before + CHURN];
  const { stdout } = await promisify(execFile)(process.execPath, flags, {
    cwd: import.meta.dirname,
  });
  return z.number().parse(JSON.parse(stdout));
}

test('a bounded heap does not grow with what is made and forgotten', async () => {
  const bounded = `import { boundHeap } from './bound-heap.ts'; boundHeap();`;
  const [free, held] = await Promise.all([youngMegabytes(''), youngMegabytes(bounded)]);
  expect(held).toBeLessThan(free / 2);
});

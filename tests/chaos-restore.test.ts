import { expect, test } from 'vitest';
import { crashInProcess } from '../chaos/in-process/crash-in-process.ts';
import { killProcesses } from '../chaos/processes/kill-processes.ts';
import type { Tally } from '../chaos/tally.ts';
import { WRITE_POINTS } from '../src/restores/writing/points.ts';
import { createTestDatabase } from './setup/test-server.ts';

/** The short form of `npm run chaos -- restore`; chaos/README.md says what is counted, and how. */
const SEED = 20;
const common = { seed: SEED, openDatabase: () => createTestDatabase(), tell: () => {} };

test('workers that crash anywhere double nothing, lose nothing, claim nothing wrong', async () => {
  const tally = await crashInProcess({ ...common, crashes: 150, tenants: 10 });
  expectClean(tally);
  expect(tally.crashes).toBeGreaterThanOrEqual(150);
}, 240_000);

test('nor do processes that are killed at each point of a write, and at random', async () => {
  const tally = await killProcesses({ ...common, kills: 50, everyPoint: true });
  expectClean(tally);
  expect([...tally.deaths.keys()]).toEqual(expect.arrayContaining([...WRITE_POINTS]));
}, 600_000);

function expectClean(tally: Tally): void {
  expect(tally.findings, `seed ${SEED}`).toEqual([]);
  expect(tally.figures()).toMatchObject({ duplicates: 0, lost: 0, wrong: 0 });
}

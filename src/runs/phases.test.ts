import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/setup/test-server.ts';
import { withOwner } from '../db/owner-client.ts';
import { PHASES } from './phases.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const phases = Object.entries(PHASES);
const live = phases.filter(([, { isLive }]) => isLive).map(([phase]) => phase);

async function definition(query: string): Promise<string> {
  const { rows } = await withOwner(database.ownerUrl, (client) => client.query(query));
  return String(rows[0]?.definition);
}

const words = (text: string) => [...text.matchAll(/'(\w+)'/g)].map(([, word]) => word).sort();

test('the table and the check of the database name the same phases', async () => {
  const check = await definition(`select pg_get_constraintdef(oid) as definition
    from pg_constraint where conname = 'runs_phase_check'`);
  expect(words(check)).toEqual(phases.map(([phase]) => phase).sort());
});

test('the live index holds exactly the phases that are live', async () => {
  const index = await definition(`select indexdef as definition
    from pg_indexes where indexname = 'runs_live'`);
  expect(index).toMatch(/UNIQUE.*\(tenant_id, type, target\) WHERE \(phase <> 'ended'/);
  const ended = phases.filter(([, { isLive }]) => !isLive).map(([phase]) => phase);
  expect(ended).toEqual(['ended']);
  expect(live.sort()).toEqual(['queued', 'running']);
});

test('a phase that is over leads nowhere, and every other comes to its end', () => {
  for (const [phase, { isLive, next }] of phases) {
    expect(next.length > 0, phase).toBe(isLive);
    if (isLive) expect(next, phase).toContain('ended');
  }
});

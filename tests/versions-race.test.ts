import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepVersions } from '../src/backups/keep-version.ts';
import { toPolicyDocument } from '../src/graph/canonical-form.ts';
import { systemClock } from '../src/kernel/clock.ts';
import type { RunId } from '../src/kernel/ids.ts';
import { readInstant } from '../src/policies/database-instant.ts';
import { markGone } from '../src/policies/mark-gone.ts';
import { observePolicies } from '../src/policies/observe-policies.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { catalogBody } from './setup/scripted-graph.ts';
import { setupTenants, type TenantVerbs, type TenantWorld } from './setup/tenant-fixture.ts';

const TYPE = 'configurationPolicy';
const POLICIES = ['a', 'B', 'c', 'D', 'é', 'f', '_', 'z'];
let world: TenantWorld;
let acme: TenantVerbs;
let runId: RunId;

beforeAll(async () => {
  ({ world, acme } = await setupTenants());
  runId = (await acme.runs(syncPolicies, {})).id;
});
afterAll(() => world.close());

/** The same sequence for the same seed (mulberry32), so that a failure can be seen again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Some policies in any order, with bodies that others store at the same time. */
async function keepSome(next: () => number): Promise<void> {
  const chosen = POLICIES.filter(() => next() < 0.6).toSorted(() => next() - 0.5);
  const lookedAt = await acme.inTenant(readInstant);
  const looks = chosen.map((graphId) => {
    const raw = { id: graphId, name: 'the same', ...catalogBody(Math.floor(next() * 5)) };
    return { type: TYPE, face: toPolicyDocument(TYPE, raw, systemClock.now()), lookedAt } as const;
  });
  await acme.inTenant(async (tx) => {
    const why = { runId, madeBy: 'Ada', reason: 'a race' };
    await keepVersions(tx, await observePolicies(tx, looks), why);
  });
}

test.each([1, 2, 3])('writers of the same policies never wait in a circle (%i)', async (seed) => {
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    const next = random(seed * 100 + writer);
    for (let round = 0; round < 25; round += 1) {
      await keepSome(next);
      const graphId = POLICIES[Math.floor(next() * POLICIES.length)] ?? 'a';
      await acme.inTenant(async (tx) =>
        markGone(tx, { type: TYPE, graphId }, await readInstant(tx)),
      );
    }
  });
  await Promise.all(writers);

  const byPolicy = Map.groupBy(await acme.versions(), (version) => version.policy_id);
  expect(byPolicy.size).toBe(POLICIES.length);
  for (const versions of byPolicy.values()) {
    const sorted = versions.toSorted((one, other) => one.number - other.number);
    expect(sorted.map((version) => version.number)).toEqual(sorted.map((_, index) => index + 1));
    for (const [index, version] of sorted.entries()) {
      const before = sorted[index - 1];
      if (before === undefined) continue;
      expect(version.content_hash).not.toEqual(before.content_hash);
      expect(version.read_at.getTime()).toBeGreaterThanOrEqual(before.read_at.getTime());
    }
  }
});

test('writers that store the same new bodies never wait in a circle', async () => {
  const keepAll = async (prefix: string, bodies: readonly number[]) => {
    const lookedAt = await acme.inTenant(readInstant);
    const looks = bodies.map((body, index) => {
      const raw = { id: `${prefix}${index}`, name: 'the same', ...catalogBody(body) };
      const face = toPolicyDocument(TYPE, raw, systemClock.now());
      return { type: TYPE, face, lookedAt } as const;
    });
    await acme.inTenant(async (tx) => {
      const why = { runId, madeBy: 'Ada', reason: 'a race' };
      await keepVersions(tx, await observePolicies(tx, looks), why);
    });
  };
  for (let round = 1; round <= 20; round += 1) {
    const bodies = Array.from({ length: 30 }, (_, index) => round * 1_000 + index);
    await Promise.all([keepAll('p', bodies), keepAll('q', bodies.toReversed())]);
  }
});

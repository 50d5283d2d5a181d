import { expect } from 'vitest';
import type { RunId, TenantId } from '../../src/kernel/ids.ts';
import { countingRun } from './counting-run.ts';
import { stuckRuns } from './lane-story.ts';
import type { QueueWorld } from './queue-fixture.ts';

export interface StartedStory {
  readonly tenant: TenantId;
  readonly id: RunId;
}

/** One run in each of so many tenants, half of them asked for by a person. */
export async function startsEverywhere(
  world: QueueWorld,
  tenants: number,
  count: number,
): Promise<StartedStory[]> {
  const started: StartedStory[] = [];
  for (let index = 0; index < tenants; index += 1) {
    const tenant = await world.hasTenant();
    const person = index % 2 === 0 ? await world.hasPerson(tenant) : null;
    const input = { name: `run ${index}`, count, itemMs: 10 };
    started.push({ tenant, ...(await world.starts(tenant, person, countingRun, input)) });
  }
  return started;
}

/** How many items are settled; null while the database is away. */
export async function settled(world: QueueWorld): Promise<number | null> {
  const answer = await world
    .asAdmin('select coalesce(sum(items_succeeded), 0)::integer as settled from runs')
    .catch(() => null);
  return answer === null ? null : Number(answer.rows[0]?.settled);
}

/** All have ended well, each item exactly once, and nothing is left behind. */
export async function allEndWell(
  world: QueueWorld,
  started: readonly StartedStory[],
  count: number,
): Promise<void> {
  const phases = () =>
    world
      .asAdmin(`select count(*)::integer as live from runs where phase <> 'ended'`)
      .then((answer) => Number(answer.rows[0]?.live))
      .catch(() => null);
  await world.until(phases, (live) => live === 0, 40_000);
  for (const { tenant, id } of started) {
    const run = await world.run(tenant, id);
    expect(run).toMatchObject({
      outcome: 'succeeded',
      items_total: count + 1,
      items_succeeded: count + 1,
      items_failed: 0,
    });
    const items = await world.items(tenant, id);
    expect(new Set(items.map((item) => `${item.subject_kind}/${item.subject_id}`)).size).toBe(
      count + 1,
    );
    expect(items.every((item) => item.outcome === 'succeeded')).toBe(true);
  }
  expect(await stuckRuns(world)).toEqual([]);
  await world.until(
    () =>
      world.asAdmin('select 1 from lanes where busy_run_id is not null or ticket_at is not null'),
    (answer) => answer.rowCount === 0,
  );
}

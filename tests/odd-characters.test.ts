import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBackup } from '../src/backups/create-backup.ts';
import { readVersionBody } from '../src/backups/read-version.ts';
import { inTenant } from '../src/db/tenant-tx.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { BackupWorld } from './setup/backup-world.ts';

/** A name cut in the middle of an emoji, and characters that PostgreSQL keeps in no text. */
const ODD = 'half \ud83d, nul \u0000, other half \ude00';
let world: BackupWorld;

beforeAll(async () => {
  world = await BackupWorld.open({ tenants: 1, limits: 'none' });
  await world.worker();
  const { id } = world.tenant.entra;
  await world.simulator.addObject(id, 'conditionalAccessPolicies', 'odd-access', {
    displayName: ODD,
    state: 'disabled',
    createdDateTime: ODD,
    conditions: { [ODD]: [ODD, 'whole 😀'] },
  });
  await world.simulator.addObject(id, 'deviceConfigurations', 'odd-device', {
    '@odata.type': '#microsoft.graph.windows10GeneralConfiguration',
    displayName: ODD,
    description: ODD,
    createdDateTime: ODD,
    assignments: [],
  });
});
afterAll(() => world.close());

function bodiesOf(runId: string): Promise<Map<string, string>> {
  return inTenant(world.db, world.tenant.id, async (tx) => {
    const rows = await tx.db
      .selectFrom('policy_versions as v')
      .innerJoin('policies as p', 'p.id', 'v.policy_id')
      .select(['p.graph_id', 'v.content_hash', 'v.run_id'])
      .execute();
    const bodies = new Map<string, string>();
    for (const row of rows.filter(({ run_id }) => run_id === runId)) {
      bodies.set(row.graph_id, await readVersionBody(tx, row.content_hash));
    }
    return bodies;
  });
}

test('a policy with odd characters is kept to the letter, and hides no neighbour', async () => {
  expect(await world.runs(world.tenant, syncPolicies, {})).toMatchObject({ outcome: 'succeeded' });
  const selection = { kind: 'all' } as const;
  const run = await world.runs(world.tenant, createBackup, { selection });
  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  const bodies = await bodiesOf(run.id);
  expect(bodies.size).toBeGreaterThan(20);
  expect(JSON.parse(bodies.get('odd-access') ?? '')).toMatchObject({
    displayName: ODD,
    conditions: { [ODD]: expect.arrayContaining([ODD, 'whole 😀']) },
  });
  expect(JSON.parse(bodies.get('odd-device') ?? '')).toMatchObject({
    displayName: ODD,
    description: ODD,
  });

  const again = await world.runs(world.tenant, createBackup, { selection });
  expect((await bodiesOf(again.id)).size).toBe(0);
});

test('the run that kept it can be forgotten, and the version stays', async () => {
  const forgotten = await world.asAdmin(
    `with first as (select run_id from policy_versions limit 1)
     delete from runs r using first where r.id = first.run_id returning r.id`,
  );
  expect(forgotten.rowCount).toBe(1);
  const { rows } = await world.asAdmin(
    `select count(*)::integer as kept from policy_versions v join policies p on p.id = v.policy_id
     where v.run_id is null and p.graph_id like 'odd-%' and v.meta::text like '%\\\\u0000%'`,
  );
  expect(rows[0]).toEqual({ kept: 2 });
});

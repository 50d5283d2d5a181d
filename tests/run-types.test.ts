import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runTypes } from '../src/app/run-types.ts';
import { createBackup } from '../src/backups/create-backup.ts';
import { copyIntoComparison } from '../src/comparisons/copying/copy-into-comparison.ts';
import { createComparison } from '../src/comparisons/copying/create-comparison.ts';
import { inTenant } from '../src/db/tenant-tx.ts';
import type { JsonValue } from '../src/kernel/canonical-json.ts';
import { allCapabilities } from '../src/kernel/capabilities.ts';
import {
  type BackupId,
  type ComparisonId,
  newId,
  type RestoreId,
  tokenIdSchema,
} from '../src/kernel/ids.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { createRestore } from '../src/restores/create-restore.ts';
import { restoreOptionsSchema } from '../src/restores/restore-input.ts';
import type { RunType } from '../src/runs/run-type.ts';
import { RunTypes } from '../src/runs/run-types.ts';
import { BackupWorld } from './setup/backup-world.ts';
import { cancelRunForStory } from './setup/cancel.ts';

/** What every run type owes, asked of each that is listed. */
let world: BackupWorld;
let inputs: Readonly<Record<string, JsonValue>>;

beforeAll(async () => {
  world = await BackupWorld.open({ tenants: 1, limits: 'none' });
  await world.worker();
  await world.runs(world.tenant, syncPolicies, {});
  await world.runs(world.tenant, createBackup, { selection: { kind: 'all' } });
  inputs = await findInputs();
});
afterAll(() => world.close());

test('a name that is listed twice stops the process', () => {
  expect(() => new RunTypes([syncPolicies, syncPolicies])).toThrow(/listed twice/);
});

for (const listed of runTypes.all()) {
  const type = asJson(listed);
  describe(type.name, () => {
    test('has an input that survives being stored, and a target that is stable', () => {
      const input = inputOf(type);
      const stored = type.input.parse(JSON.parse(JSON.stringify(input)));
      expect(stored).toEqual(input);
      expect(type.target(stored)).toBe(type.target(input));
      expect(type.target(input)).toMatch(/^[a-z-]+(:[a-z0-9:-]+)?$/);
    });

    // What has a gate is refused without what it asks for; the rest is in stories of its own.
    if (type.gate !== undefined) {
      test('is refused without what its gate asks for, and starts nothing', async () => {
        const start = world.starts(world.tenant.id, world.tenant.owner, type, inputOf(type));
        await expect(start).rejects.toMatchObject({ code: expect.stringMatching(/^restore\./) });
      });
      return;
    }

    test('run twice, it does no harm: nothing new is kept', async () => {
      await world.runs(world.tenant, type, inputOf(type));
      const before = await countKept();
      const run = await world.runs(world.tenant, type, inputOf(type));
      expect(run).toMatchObject({ outcome: 'succeeded' });
      expect(run.items_total).toBeGreaterThan(0);
      expect(await countKept()).toEqual(before);
    });

    test('a cancel breaks it off, even while Graph does not answer', async () => {
      await world.simulator.befall({ times: 'always', fault: { kind: 'hang' } });
      const { id } = await world.starts(world.tenant.id, world.tenant.owner, type, inputOf(type));
      await world.until(
        () => world.run(world.tenant.id, id),
        (run) => run.phase !== 'queued' && run.items_total > 0,
      );
      await cancelRunForStory(world, world.tenant.id, id);
      const run = await world.ended(world.tenant.id, id, 5_000);
      await world.simulator.clearFaults();
      // A run whose items need no Graph may have been done before it heard of the cancel.
      expect(['cancelled', 'succeeded']).toContain(run.outcome);
      const asksGraph = type.graph !== 'none' && type.name !== 'backup.add_policies';
      if (asksGraph) expect(run.outcome).toBe('cancelled');
    });
  });
}

/** What is parsed is stored as JSON, so it is JSON: the list only forgets which. */
function asJson(type: RunType): RunType<JsonValue> {
  return { ...type, input: z.pipe(type.input, z.json()) };
}

function inputOf(type: RunType<JsonValue>) {
  const input = inputs[type.name];
  if (input === undefined) throw new Error(`give ${type.name} an input in this test`);
  return type.input.parse(input);
}

async function findInputs(): Promise<Record<string, JsonValue>> {
  return inTenant(world.db, world.tenant.id, async ({ db }) => {
    const policy = await db.selectFrom('policies').select('id').executeTakeFirstOrThrow();
    const backup = await db.selectFrom('backups').select('id').executeTakeFirstOrThrow();
    const connection = await db.selectFrom('connections').select('id').executeTakeFirstOrThrow();
    return {
      'connection.verify': { connectionId: connection.id },
      'policy.sync': {},
      'directory.sync_groups': {},
      'policy.capture_snapshot': { policyId: policy.id, reason: 'by hand' },
      'backup.create': { selection: { kind: 'policies', policyIds: [policy.id] } },
      'backup.add_policies': { backupId: backup.id, policyIds: [policy.id] },
      'policy.compare_live': { policyId: policy.id },
      'backup.compare': { before: backup.id, after: backup.id },
      'tenant.compare': { comparisonId: await draftComparison() },
      'restore.plan': { restoreId: await draftRestore(backup.id) },
      'restore.execute': { restoreId: await draftRestore(backup.id) },
      'restore.resolve': { restoreId: await draftRestore(backup.id) },
    };
  });
}

function draftRestore(backupId: BackupId): Promise<RestoreId> {
  const actor = { kind: 'user', id: world.tenant.owner, label: 'an owner' } as const;
  const rest = { name: 'any', selection: { nameContains: 'BitLocker' }, mapping: {} };
  const options = restoreOptionsSchema.parse({});
  return inTenant(world.db, world.tenant.id, (tx) =>
    createRestore(tx, actor, { source: { kind: 'backup', backupId }, options, ...rest }),
  );
}

/** Its other tenant is the tenant itself: what is copied matters elsewhere. */
async function draftComparison(): Promise<ComparisonId> {
  const { id: tenantId, owner: userId } = world.tenant;
  const actor = { kind: 'user', id: userId, label: 'an owner' } as const;
  const token = {
    via: { kind: 'token', id: newId(tokenIdSchema), name: 'any' } as const,
    tenantIds: null,
  };
  const caller = { userId, userName: 'an owner', isAdmin: false, ...token };
  const comparisonId = await inTenant(world.db, tenantId, (tx) => createComparison(tx, actor, {}));
  const versions = await inTenant(world.db, tenantId, ({ db }) =>
    db.selectFrom('policy_versions').select('id').limit(5).execute(),
  );
  await copyIntoComparison(world.db, { ...caller, scopes: allCapabilities() }, actor, {
    fromTenantId: tenantId,
    versionIds: versions.map(({ id }) => id),
    tenantId,
    comparisonId,
  });
  return comparisonId;
}

function countKept() {
  return inTenant(world.db, world.tenant.id, async ({ db }) => {
    const count = async (table: 'policies' | 'snapshots' | 'policy_versions') =>
      (
        await db
          .selectFrom(table)
          .select((e) => e.fn.countAll().as('n'))
          .executeTakeFirst()
      )?.n;
    return [await count('policies'), await count('snapshots'), await count('policy_versions')];
  });
}

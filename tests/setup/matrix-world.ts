import { newId, runIdSchema, type VersionId, versionIdSchema } from '../../src/kernel/ids.ts';
import type { ApiClient, ApiTenant, ApiWorld } from './api-fixture.ts';
import {
  hasBackup,
  hasComparison,
  hasConnection,
  hasPolicy,
  hasRestore,
  hasRun,
  hasVersion,
  hasWriteRegistration,
} from './api-records.ts';
import type { Ids } from './matrix-samples.ts';

/** At least two rows in every list of a tenant, so that every list has a next page. */
export async function seedTenant(world: ApiWorld, tenant: ApiTenant, extra = 0): Promise<Ids> {
  const owner = userOf(tenant.as('owner'));
  const policy = await hasPolicy(world, tenant, 'First');
  const second = await hasPolicy(world, tenant, 'Second', 'deviceConfiguration');
  const versions: VersionId[] = [];
  for (let number = 1; number <= 2 + extra; number++) {
    const body = `{"is":${number},"of":"${tenant.id}"}`;
    versions.push(await hasVersion(world, tenant, policy, number, body));
  }
  // It hides a value, which can be entered.
  const hiding = `{"of":"${tenant.id}","wiFiSecurityType":"wpa2Personal"}`;
  const version = await hasVersion(world, tenant, second, 1, hiding);
  await hasBackup(world, tenant, []);
  const backup = await hasBackup(world, tenant, [policy, second]);
  const connection = await hasConnection(world, tenant);
  await hasWriteRegistration(world, tenant, connection);
  await hasRestore(world, tenant, [...versions, version]);
  const restore = await hasRestore(world, tenant, [...versions, version]);
  await world.asAdmin(
    `insert into restore_dangling (tenant_id, restore_id, version_id, policy_id, at, kind, old_id,
       new_id)
     select '${tenant.id}', '${restore}', '${version}', '${policy}', 'at', 'namedLocation', n, 'new'
       from generate_series(1, 2) n`,
  );
  const comparison = await hasComparison(world, tenant, [policy, second]);
  await hasRun(world, tenant, owner);
  const { runId: run, notificationId: notification } = await hasRun(world, tenant, owner);
  await world.asAdmin(
    `set session_replication_role = replica;
     insert into run_items (tenant_id, run_id, seq, subject_kind, subject_id, label, outcome,
       ended_at)
     select '${tenant.id}', '${run}', n, 'number', n::text, 'a number', 'succeeded', now()
       from generate_series(1, 2) n;
     set session_replication_role = origin;
     insert into coverage (tenant_id, policy_type, state)
     values ('${tenant.id}', 'namedLocation', 'covered'),
       ('${tenant.id}', 'roleScopeTag', 'covered');
     insert into directory_groups (tenant_id, graph_id, name)
     values ('${tenant.id}', 'one', 'One'), ('${tenant.id}', 'two', 'Two');
     insert into restore_references (tenant_id, restore_id, kind, source_id, name, how, items)
     values ('${tenant.id}', '${restore}', 'group', 'a', 'One', 'nothing', 1),
       ('${tenant.id}', '${restore}', 'group', 'b', 'Two', 'nothing', 1)`,
  );
  return { policy, version, backup, restore, comparison, connection, run, notification };
}

/** The tenant's own records, with a run and a notification of this caller where a deed needs it. */
export async function ownRecords(
  world: ApiWorld,
  tenant: ApiTenant,
  seeds: Ids,
  caller: ApiClient,
): Promise<Ids> {
  if (caller.userId === undefined) return seeds;
  const { runId, notificationId } = await hasRun(world, tenant, caller.userId);
  await world.asAdmin(
    `update runs set phase = 'queued', outcome = null, ended_at = null, target = 'book:' || id
     where id = $1`,
    [runId],
  );
  const restore = await hasRestore(world, tenant, [versionIdSchema.parse(seeds.version)]);
  const comparison = await hasComparison(world, tenant);
  return { ...seeds, restore, comparison, run: runId, notification: notificationId };
}

/** Ids that nobody has. */
export function absentRecords(): Ids {
  return recordsNamed(() => newId(runIdSchema));
}

export function malformedRecords(): Ids {
  return recordsNamed(() => "x' or true --");
}

function recordsNamed(id: () => string): Ids {
  return {
    policy: id(),
    version: id(),
    backup: id(),
    restore: id(),
    comparison: id(),
    connection: id(),
    run: id(),
    notification: id(),
  };
}

export function userOf(client: ApiClient) {
  if (client.userId === undefined) throw new Error('a stranger has no user');
  return client.userId;
}

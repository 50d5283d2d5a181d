import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { createComparison } from '../../src/comparisons/copying/create-comparison.ts';
import { writeItems } from '../../src/comparisons/write-items.ts';
import { inTenant } from '../../src/db/tenant-tx.ts';
import type { PolicyType } from '../../src/graph/contracts/list.ts';
import {
  type BackupId,
  backupIdSchema,
  type ComparisonId,
  type ConnectionId,
  connectionIdSchema,
  type NotificationId,
  newId,
  notificationIdSchema,
  type PolicyId,
  policyIdSchema,
  type RestoreId,
  type RunId,
  runIdSchema,
  tenantIdSchema,
  type UserId,
  type VersionId,
  versionIdSchema,
  writeRegistrationIdSchema,
} from '../../src/kernel/ids.ts';
import { createRestore } from '../../src/restores/create-restore.ts';
import { restoreOptionsSchema } from '../../src/restores/restore-input.ts';
import { addVersions } from '../../src/restores/select-source.ts';
import type { ApiTenant, ApiWorld } from './api-fixture.ts';

type Place = Pick<ApiWorld, 'db'>;

/** A policy that was seen in a tenant. */
export async function hasPolicy(
  world: Place,
  tenant: Pick<ApiTenant, 'id'>,
  name: string,
  type: PolicyType = 'configurationPolicy',
): Promise<PolicyId> {
  const id = newId(policyIdSchema);
  const row = { tenant_id: tenant.id, id, type, name, graph_id: id };
  await inTenant(world.db, tenant.id, (tx) => tx.db.insertInto('policies').values(row).execute());
  return id;
}

/** A version of a policy with this body. */
export async function hasVersion(
  world: Place,
  tenant: Pick<ApiTenant, 'id'>,
  policyId: PolicyId,
  number: number,
  text: string,
  groupIds: string[] = [],
): Promise<VersionId> {
  const body = Buffer.from(text);
  const content_hash = createHash('sha256').update(body).digest();
  const id = newId(versionIdSchema);
  const version = {
    tenant_id: tenant.id,
    id,
    policy_id: policyId,
    number,
    content_hash,
    assignments_hash: content_hash,
    scope_tags_hash: content_hash,
    name: 'as it was',
    reason: 'a story',
    made_by: 'a test',
    read_at: new Date(),
    has_masked_secrets: false,
    meta: {},
    group_ids: groupIds,
  };
  await inTenant(world.db, tenant.id, async (tx) => {
    await tx.db
      .insertInto('snapshots')
      .values({ tenant_id: tenant.id, content_hash, body })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await tx.db.insertInto('policy_versions').values(version).execute();
  });
  return id;
}

/** A backup that holds the newest version of these policies. */
export async function hasBackup(
  world: Place,
  tenant: Pick<ApiTenant, 'id'>,
  policyIds: readonly PolicyId[] = [],
): Promise<BackupId> {
  const id = newId(backupIdSchema);
  await inTenant(world.db, tenant.id, async (tx) => {
    const backup = { tenant_id: tenant.id, id, name: 'Nightly', made_by: 'a test' };
    await tx.db
      .insertInto('backups')
      .values({ ...backup, selection: JSON.stringify({ kind: 'all' }) })
      .execute();
    for (const policyId of policyIds) {
      const version = await tx.db
        .selectFrom('policy_versions')
        .select('id')
        .where('policy_id', '=', policyId)
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow();
      const item = { tenant_id: tenant.id, backup_id: id, policy_id: policyId, is_new: true };
      await tx.db
        .insertInto('backup_items')
        .values({ ...item, version_id: version.id })
        .execute();
    }
  });
  return id;
}

/** A restore of copies, with an item of each of these versions. */
export async function hasRestore(
  world: Place,
  tenant: Pick<ApiTenant, 'id'>,
  versionIds: readonly VersionId[],
): Promise<RestoreId> {
  return inTenant(world.db, tenant.id, async (tx) => {
    const actor = { kind: 'system', id: null, label: 'a test' } as const;
    const options = restoreOptionsSchema.parse({});
    const rest = { name: 'Restore', selection: {}, options, mapping: {} };
    const id = await createRestore(tx, actor, { source: { kind: 'copies' }, ...rest });
    await addVersions(tx, { id }, versionIds);
    await sql`
      insert into restore_sources (tenant_id, restore_id, version_id, version_number,
        from_tenant_id, from_tenant_name, from_policy_id, read_at, reference_names, copied_by)
      select tenant_id, restore_id, version_id, 1, version_id, 'Elsewhere', version_id, now(), '{}',
        'a test' from restore_items where restore_id = ${id}`.execute(tx.db);
    return id;
  });
}

/** A comparison with another tenant that waits for copies; it has a row for each of these. */
export async function hasComparison(
  world: Place,
  tenant: Pick<ApiTenant, 'id'>,
  policyIds: readonly PolicyId[] = [],
): Promise<ComparisonId> {
  return inTenant(world.db, tenant.id, async (tx) => {
    const id = await createComparison(tx, { kind: 'system', id: null, label: 'a test' }, {});
    const side = { number: 1, hash: null };
    await writeItems(
      tx,
      id,
      policyIds.map((policyId) => ({
        subjectId: policyId,
        type: 'configurationPolicy',
        name: 'a policy',
        kind: 'uncompared',
        before: { policyId, ...side },
        after: { policyId, ...side },
      })),
    );
    return id;
  });
}

/** A connection; its sealed credential opens nothing. */
export async function hasConnection(
  world: Place,
  tenant: Pick<ApiTenant, 'id'>,
): Promise<ConnectionId> {
  const id = newId(connectionIdSchema);
  const row = {
    tenant_id: tenant.id,
    id,
    cloud: 'global' as const,
    entra_tenant_id: newId(tenantIdSchema),
    client_id: newId(tenantIdSchema),
    credential_kind: 'secret' as const,
    sealed_credential: Buffer.from('never to be seen'),
  };
  await inTenant(world.db, tenant.id, (tx) =>
    tx.db.insertInto('connections').values(row).execute(),
  );
  return id;
}

/** What may write with a connection; not armed. */
export async function hasWriteRegistration(
  world: Place,
  tenant: Pick<ApiTenant, 'id'>,
  connection: ConnectionId,
): Promise<void> {
  const row = {
    tenant_id: tenant.id,
    connection_id: connection,
    id: newId(writeRegistrationIdSchema),
    client_id: newId(tenantIdSchema),
    credential_kind: 'secret' as const,
    sealed_credential: Buffer.from('never to be seen'),
  };
  await inTenant(world.db, tenant.id, (tx) =>
    tx.db.insertInto('write_registrations').values(row).execute(),
  );
}

/** An ended run that somebody asked for, with their notification of it. */
export async function hasRun(
  world: Pick<ApiWorld, 'db' | 'asAdmin'>,
  tenant: Pick<ApiTenant, 'id'>,
  userId: UserId,
): Promise<{ runId: RunId; notificationId: NotificationId }> {
  const runId = newId(runIdSchema);
  const notificationId = newId(notificationIdSchema);
  await world.asAdmin(
    `insert into runs (tenant_id, id, type, target, input, input_hash, lane, phase, outcome,
       ended_at, initiator_kind, initiator_label)
     values ($1, $2, 'test.note', 'book:old', '{}', sha256(''), 'bulk', 'ended', 'succeeded',
       now(), 'user', 'a test')`,
    [tenant.id, runId],
  );
  await world.asAdmin(
    `insert into run_requesters (tenant_id, run_id, user_id, label) values ($1, $2, $3, 'a test')`,
    [tenant.id, runId, userId],
  );
  await world.asAdmin(
    `insert into notifications (tenant_id, id, user_id, run_id, state)
     values ($1, $2, $3, $4, 'ended')`,
    [tenant.id, notificationId, userId, runId],
  );
  return { runId, notificationId };
}

/** Moves a run as a worker would, without one. */
export async function moveRun(
  world: Pick<ApiWorld, 'asAdmin'>,
  runId: RunId,
  to: 'running' | 'ended',
): Promise<void> {
  await world.asAdmin(
    to === 'running'
      ? `update runs set phase = 'running', worker_id = gen_random_uuid(), started_at = now()
         where id = $1`
      : `update runs set phase = 'ended', outcome = 'succeeded', worker_id = null, ended_at = now()
         where id = $1`,
    [runId],
  );
}

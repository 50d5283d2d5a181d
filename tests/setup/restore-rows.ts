import type { TenantId } from '../../src/kernel/ids.ts';
import type { ApiWorld } from './api-fixture.ts';

/** Rows that only work on a restore or a comparison would make. */
export async function addRestoreRows(world: ApiWorld, tenantId: TenantId): Promise<void> {
  await world.asAdmin(
    `insert into directory_groups (tenant_id, graph_id, name) values ($1, 'g', 'Group')`,
    [tenantId],
  );
  await world.asAdmin(
    `insert into restore_secrets (tenant_id, restore_id, version_id, place, id, sealed,
       keyed_hash, entered_by)
     select tenant_id, restore_id, version_id, '', gen_random_uuid(), 's', sha256('h'), 'a test'
     from restore_items where tenant_id = $1`,
    [tenantId],
  );
  await world.asAdmin(
    `insert into comparison_sources (tenant_id, comparison_id, version_id, version_number, type,
       name, content_hash, reference_names, read_at, copied_by)
     select c.tenant_id, c.id, c.id, 1, 'configurationPolicy', 'A policy',
       (select content_hash from snapshots where tenant_id = $1 limit 1), '{}', now(), 'a test'
     from comparisons c where c.tenant_id = $1`,
    [tenantId],
  );
  await world.asAdmin(
    `update restores set origin_kind = 'retry', origin_id = id where tenant_id = $1`,
    [tenantId],
  );
  // The ledger is written under the fence of a run only.
  await world.asAdmin(
    `begin; set local session_replication_role = replica;
     insert into restore_writes (tenant_id, restore_id, version_id, step, type, name, is_create)
     select tenant_id, restore_id, version_id, 0, type, name, true
     from restore_items where tenant_id = '${tenantId}';
     commit`,
  );
  await world.asAdmin(
    `insert into restore_dangling (tenant_id, restore_id, version_id, policy_id, at, kind, old_id,
       new_id)
     select i.tenant_id, i.restore_id, i.version_id, p.id, '/', 'group', 'old', 'new'
     from restore_items i join policies p on p.tenant_id = i.tenant_id where i.tenant_id = $1
     limit 1`,
    [tenantId],
  );
  await world.asAdmin(
    `insert into restore_groups (tenant_id, restore_id, source_id, action, graph_id)
     select tenant_id, id, 'g', 'exists', 'g' from restores where tenant_id = $1`,
    [tenantId],
  );
}

import { sql } from 'kysely';
import { contractOf, POLICY_TYPES, type PolicyType } from '../../graph/contracts/list.ts';
import type { ReaderConnection } from '../../graph/port.ts';
import { CONTRACTS_VERSION } from '../../graph/writing/plan-steps.ts';
import { canonicalText } from '../../kernel/canonical-json.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import { findWriteRegistration } from '../../tenants/find-write-registration.ts';
import { lockRestore, type Restore, requireNotExecuted } from '../find-restore.ts';
import { forgetGroups } from '../groups/settle-groups.ts';
import { forgetReferences } from '../mapping/gather-references.ts';
import { materialiseItems } from '../select-source.ts';
import { APPROVALS_LOOK, GROUPS_LOOK } from './note-look.ts';

/**
 * Begins a preview: its items are made what the selection says, and what an older preview found is
 * forgotten. Under the restore's row lock, which an edit takes as well: what is edited from now on
 * is refused, what was edited before is seen. Answers the types to look through: those of the
 * items, and those that they may refer to.
 */
export async function beginPlan(
  tx: SliceTx,
  id: RestoreId,
  connection: ReaderConnection,
): Promise<readonly PolicyType[]> {
  const restore = await lockRestore(tx, id);
  // Planning is repeated by each slice until every listing is done: what they found stays.
  if (restore.plan_run_id === tx.runId) return lookedThrough(restore);
  requireNotExecuted(restore);
  await materialiseItems(tx, restore);
  const registration = await findWriteRegistration(tx);
  const types = await findTypes(tx, id);
  const looks = Object.fromEntries(
    [...types, GROUPS_LOOK, APPROVALS_LOOK].map((look) => [look, null]),
  );
  await tx.db
    .updateTable('restores')
    .set({
      state: 'draft',
      plan_run_id: tx.runId,
      plan_began_at: sql`clock_timestamp()`,
      plan_looks: sql`${canonicalText(looks)}::jsonb`,
      planned_at: null,
      planned_revision: restore.revision,
      connection_id: connection.connectionId,
      connection_version: connection.version,
      write_registration_id: registration?.id ?? null,
      write_registration_version: registration?.version ?? null,
      contracts_version: CONTRACTS_VERSION,
      fingerprint: null,
      confirmed_at: null,
      confirmed_by: null,
      confirmed_user_id: null,
      confirmed_fingerprint: null,
      confirm_reason: null,
      approval_types: null,
      item_counts: null,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
  await forgetFindings(tx, id);
  await forgetGroups(tx, id);
  await forgetReferences(tx, id);
  return types;
}

function lookedThrough({ plan_looks }: Restore): readonly PolicyType[] {
  return POLICY_TYPES.filter((type) => Object.hasOwn(plan_looks, type));
}

async function findTypes(tx: SliceTx, id: RestoreId): Promise<readonly PolicyType[]> {
  const rows = await tx.db
    .selectFrom('restore_items')
    .select('type')
    .distinct()
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .execute();
  const own = rows.map(({ type }) => type);
  const referred = own.flatMap((type) => contractOf(type).references.map(({ to }) => to));
  return POLICY_TYPES.filter((type) => own.includes(type) || referred.some((to) => to === type));
}

async function forgetFindings(tx: SliceTx, id: RestoreId): Promise<void> {
  await tx.db
    .updateTable('restore_items')
    .set({
      match_kind: null,
      match_graph_id: null,
      candidates: '[]',
      action: null,
      code: null,
      risk: null,
      warnings: '[]',
      differences: '[]',
      difference_count: 0,
      listed_graph_id: null,
      listed_body: null,
      live_hash: null,
      steps: null,
      steps_hash: null,
      depends_on: [],
      position: 0,
      secret_places: [],
      refers_to: '[]',
      new_group_ids: [],
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .execute();
}

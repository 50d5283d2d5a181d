import { sql } from 'kysely';
import { recordAudit, SYSTEM_ACTOR } from '../../audit/record-audit.ts';
import type { RestoreResult } from '../../db/tables/restore-items.ts';
import type { Outcome } from '../../db/tables/runs.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import { forgetSecrets } from '../secrets/enter-secrets.ts';

/**
 * Ends the restore in the transaction that ends its run, whatever the outcome. What was under way
 * when a cancel or a failure ended the run is unknown from now on, and shown as that; what had no
 * turn was not written. Exactly one audit entry tells of the end.
 */
export async function endExecution(tx: SliceTx, outcome: Outcome): Promise<void> {
  const restore = await tx.db
    .selectFrom('restores')
    .select(['id', 'state', 'fingerprint'])
    .where('tenant_id', '=', tx.tenantId)
    .where('execute_run_id', '=', tx.runId)
    .where('state', '=', 'executing')
    .executeTakeFirst();
  if (restore === undefined) return;
  await settleLeftovers(tx, restore.id, restore.fingerprint?.toString('hex') ?? '');
  const counts = await countResults(tx, restore.id);
  await tx.db
    .updateTable('restores')
    .set({
      state: 'ended',
      outcome,
      ended_at: sql`clock_timestamp()`,
      result_counts: JSON.stringify(counts),
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', restore.id)
    .execute();
  await settleSafetyBackup(tx, restore.id);
  await forgetSecrets(tx, restore.id);
  await recordAudit(tx, SYSTEM_ACTOR, {
    action: 'restore.ended',
    subject: { kind: 'restore', id: restore.id },
    details: { fingerprint: restore.fingerprint?.toString('hex') ?? '', outcome, ...counts },
  });
}

/** Items that the run left without a result: cancelled, crashed, or given up. */
export async function settleLeftovers(
  tx: SliceTx,
  restoreId: RestoreId,
  fingerprint: string,
): Promise<void> {
  await sql`
    update restore_groups set state = 'unknown', write_code = 'restore.interrupted',
      run_id = ${tx.runId}
    where tenant_id = ${tx.tenantId} and restore_id = ${restoreId} and state = 'intent'`.execute(
    tx.db,
  );
  const { rows } = await sql<Leftover>`
    with open as (
      update restore_writes w set state = 'unknown', code = 'restore.interrupted',
        run_id = ${tx.runId}
      where w.tenant_id = ${tx.tenantId} and w.restore_id = ${restoreId} and w.state = 'intent'
      returning w.version_id
    ), left_over as (
      select i.version_id, i.type, i.action, r.code,
        exists (select 1 from open o where o.version_id = i.version_id) as is_open,
        (select max(w.graph_id) from restore_writes w where w.tenant_id = i.tenant_id
          and w.restore_id = i.restore_id and w.version_id = i.version_id
          and w.state in ('applied', 'verified')) as written_id
      from restore_items i
        left join run_items r on r.tenant_id = i.tenant_id and r.run_id = ${tx.runId}
          and r.subject_kind = 'restore_item' and r.subject_id = i.version_id::text
      where i.tenant_id = ${tx.tenantId} and i.restore_id = ${restoreId} and i.result is null
        and i.action in ('create', 'update', 'delete')
    )
    update restore_items i set settled_at = clock_timestamp(), result_graph_id = l.written_id,
      result = case when l.is_open then 'unknown' when l.written_id is not null then 'failed'
        else 'not_written' end,
      result_code = case when l.is_open then 'restore.interrupted'
        when l.written_id is not null then coalesce(l.code, 'restore.interrupted')
        else coalesce(l.code, 'restore.not_reached') end,
      decision = null, decision_graph_id = null, decided_at = null
    from left_over l
    where i.tenant_id = ${tx.tenantId} and i.restore_id = ${restoreId}
      and i.version_id = l.version_id
    returning i.version_id, i.type, i.action, i.result, i.result_graph_id`.execute(tx.db);
  for (const row of rows.filter(({ result }) => result !== 'not_written')) {
    await recordAudit(tx, SYSTEM_ACTOR, {
      action: 'restore.object_written',
      subject: { kind: 'restore', id: restoreId },
      details: {
        type: row.type,
        action: row.action,
        versionId: row.version_id,
        fingerprint,
        result: row.result,
        ...(row.result_graph_id === null ? {} : { graphId: row.result_graph_id }),
      },
    });
  }
}

interface Leftover {
  readonly version_id: string;
  readonly type: string;
  readonly action: string;
  readonly result: RestoreResult;
  readonly result_graph_id: string | null;
}

/** Items by what became of them. */
export async function countResults(
  tx: SliceTx,
  restoreId: RestoreId,
): Promise<Record<RestoreResult, number>> {
  const counts = { verified: 0, differs: 0, failed: 0, unknown: 0, not_written: 0, removed: 0 };
  const rows = await tx.db
    .selectFrom('restore_items')
    .select(['result', sql<number>`count(*)::integer`.as('items')])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restoreId)
    .where('result', 'is not', null)
    .groupBy('result')
    .execute();
  for (const { result, items } of rows) if (result !== null) counts[result] = items;
  return counts;
}

/** Complete when it holds all that was overwritten: what could not be kept was left alone. */
async function settleSafetyBackup(tx: SliceTx, restoreId: RestoreId): Promise<void> {
  await sql`
    update backups b set
      state = case when x.missing then 'incomplete' else 'complete' end,
      completed_at = case when x.missing then null else clock_timestamp() end
    from restores r, lateral (select exists (
        select 1 from restore_items i where i.tenant_id = r.tenant_id and i.restore_id = r.id
          and i.action = 'update' and i.safety_version_id is null) as missing) x
    where r.tenant_id = ${tx.tenantId} and r.id = ${restoreId} and b.tenant_id = r.tenant_id
      and b.id = r.safety_backup_id and b.state = 'building'`.execute(tx.db);
}

import { sql } from 'kysely';
import { recordAudit, SYSTEM_ACTOR } from '../../audit/record-audit.ts';
import type { Outcome } from '../../db/tables/runs.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import { countResults, settleLeftovers } from './end-execution.ts';

/** Ends the carrying out of decisions, whatever the outcome: counts anew, and tells of it once. */
export async function endResolution(tx: SliceTx, outcome: Outcome): Promise<void> {
  const { rows } = await sql<{ id: RestoreId; fingerprint: Buffer | null }>`
    select r.id, r.fingerprint from restores r
      join runs u on u.tenant_id = r.tenant_id and r.id = (u.input ->> 'restoreId')::uuid
    where u.tenant_id = ${tx.tenantId} and u.id = ${tx.runId}`.execute(tx.db);
  const [restore] = rows;
  if (restore === undefined) return;
  const fingerprint = restore.fingerprint?.toString('hex') ?? '';
  await settleLeftovers(tx, restore.id, fingerprint);
  const counts = await countResults(tx, restore.id);
  await tx.db
    .updateTable('restores')
    .set({ result_counts: JSON.stringify(counts) })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', restore.id)
    .execute();
  await recordAudit(tx, SYSTEM_ACTOR, {
    action: 'restore.resolved',
    subject: { kind: 'restore', id: restore.id },
    details: { fingerprint, outcome, ...counts },
  });
}

import { sql } from 'kysely';
import { z } from 'zod';
import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { JsonValue } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestoreId, UserId } from '../kernel/ids.ts';
import { requireTypedName } from './confirm-restore.ts';
import { lockRestore } from './find-restore.ts';

/**
 * What is to become of an unknown item. `look_again`: it is looked for once more; `adopt`: this
 * object is ours, go on with it; `delete_ours`: this object is ours, delete it; `create_anew`: none
 * is, make one.
 */
export const itemDecisionSchema = z.strictObject({
  versionId: z.uuid().toLowerCase(),
  decision: z.enum(['look_again', 'adopt', 'delete_ours', 'create_anew']),
  graphId: z
    .string()
    .regex(/^[^\s]{1,200}$/)
    .nullable()
    .default(null),
});
export type ItemDecision = z.infer<typeof itemDecisionSchema>;

/** As many as a person decides in one go. */
export const DECISIONS_MAX = 200;

interface Deciding {
  readonly tenantName: string;
  readonly reason: string;
  readonly decisions: readonly ItemDecision[];
}

/**
 * Stores what a person decided about unknown items, with the same typed confirmation as the restore
 * itself; the run restore.resolve carries it out.
 * @throws AppError restore.not_executed, restore.tenant_name_wrong, restore.decision_not_needed,
 *   restore.candidate_unknown, forbidden when an item is none of this restore
 */
export async function decideItems(
  tx: TenantTx,
  actor: Actor & { readonly userId: UserId },
  id: RestoreId,
  { tenantName, reason, decisions }: Deciding,
): Promise<void> {
  const restore = await lockRestore(tx, id);
  if (restore.state !== 'ended') throw new AppError('restore.not_executed');
  await requireTypedName(tx, tenantName);
  for (const decision of decisions) await storeDecision(tx, actor, id, decision);
  await recordAudit(tx, actor, {
    action: 'restore.decided',
    subject: { kind: 'restore', id },
    details: {
      fingerprint: restore.fingerprint?.toString('hex') ?? '',
      reason,
      decisions: decisions.map(({ versionId, decision }) => `${versionId} ${decision}`),
    },
  });
}

async function storeDecision(
  tx: TenantTx,
  actor: Actor & { readonly userId: UserId },
  id: RestoreId,
  { versionId, decision, graphId }: ItemDecision,
): Promise<void> {
  const item = await tx.db
    .selectFrom('restore_items')
    .select(['result', 'result_code', 'result_candidates'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .where('version_id', '=', versionId)
    .executeTakeFirst();
  if (item === undefined) throw new AppError('forbidden');
  if (item.result !== 'unknown') throw new AppError('restore.decision_not_needed', { versionId });
  const candidates = candidatesIn(item.result_candidates);
  const namesOne = decision === 'adopt' || decision === 'delete_ours';
  if (namesOne !== (graphId !== null) || (graphId !== null && !candidates.includes(graphId))) {
    throw new AppError('restore.candidate_unknown', { versionId });
  }
  // Before anybody has looked, there may be one that is only not found yet.
  if (decision === 'create_anew' && item.result_code !== 'restore.decision_needed') {
    throw new AppError('restore.look_first', { versionId });
  }
  await tx.db
    .updateTable('restore_items')
    .set({
      decision,
      decision_graph_id: graphId,
      decided_by: actor.label,
      decided_user_id: actor.userId,
      decided_at: sql`clock_timestamp()`,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .where('version_id', '=', versionId)
    .execute();
}

/** Objects of which one may be ours, as they were found. */
export function candidatesIn(stored: JsonValue): readonly string[] {
  return z.array(z.string()).parse(stored);
}

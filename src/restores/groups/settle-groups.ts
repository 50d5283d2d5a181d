import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import { planGroup } from '../../graph/writing/new-groups.ts';
import { canonicalText, sha256Hex } from '../../kernel/canonical-json.ts';
import { isErrorCode } from '../../kernel/errors.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import { type Restore, requireRestore } from '../find-restore.ts';
import { GROUPS_LOOK } from '../planning/note-look.ts';
import type { SettledGroup } from '../planning/resolve-references.ts';
import { type SeenGroup, settleGroup } from './settle-group.ts';
import { readTickedGroups, type TickedGroup } from './ticked-groups.ts';

/**
 * Writes down, once and before any item is worked, what becomes of each group that was ticked to be
 * made: all items find the same. May be repeated.
 */
export async function settleGroups(tx: TenantTx, id: RestoreId): Promise<void> {
  const restore = await requireRestore(tx, id);
  await forgetGroups(tx, id);
  const ticked = await readTickedGroups(tx, restore);
  if (ticked.length === 0) return;
  const seen = await readSeenGroups(tx, restore, ticked);
  const rows = ticked.map((group) => {
    const settled = settle(restore, group, ticked, seen);
    const step = settled.action === 'create' ? stepOf(group) : null;
    return {
      tenant_id: tx.tenantId,
      restore_id: id,
      source_id: group.sourceId,
      name: group.name,
      action: settled.action,
      code: settled.action === 'blocked' ? settled.code : null,
      graph_id: settled.action === 'exists' ? settled.graphId : null,
      step: step === null ? null : Buffer.from(step, 'utf8'),
      step_hash: step === null ? null : Buffer.from(sha256Hex(step), 'hex'),
    };
  });
  await tx.db.insertInto('restore_groups').values(rows).execute();
}

/** What an older preview settled does not hold any more. */
export async function forgetGroups(tx: TenantTx, id: RestoreId): Promise<void> {
  await tx.db
    .deleteFrom('restore_groups')
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .execute();
}

function settle(
  { plan_looks, source_kind }: Restore,
  group: TickedGroup,
  all: readonly TickedGroup[],
  seen: readonly SeenGroup[],
): SettledGroup {
  const look = plan_looks[GROUPS_LOOK];
  if (look === 'listed') return settleGroup(group, all, seen, source_kind !== 'copies');
  // Whether one of the name is there could not be found out, so none is made.
  const isCode = typeof look === 'string' && isErrorCode(look);
  return { action: 'blocked', code: isCode ? look : 'internal' };
}

function stepOf(group: TickedGroup): string {
  const { sourceId, name, description } = group;
  return canonicalText({ ...planGroup({ sourceId, name: name ?? '', description }) });
}

/** A distribution list of the name is no such group: nothing can be assigned to it. */
async function readSeenGroups(
  tx: TenantTx,
  restore: Restore,
  ticked: readonly TickedGroup[],
): Promise<SeenGroup[]> {
  const ids = ticked.map(({ sourceId }) => sourceId);
  const keys = ticked.map(({ nameKey }) => nameKey).filter((key) => key !== null);
  const { rows } = await sql<SeenGroup>`
    select d.graph_id as "graphId", d.name, d.name_key as "nameKey" from directory_groups d
    where d.tenant_id = ${tx.tenantId} and d.missing_since is null
      and d.seen_at >= (select r.plan_began_at from restores r
        where r.tenant_id = ${tx.tenantId} and r.id = ${restore.id})
      and (d.graph_id = any(${ids}::text[])
        or d.name_key = any(${keys}::text[]) and d.kind is distinct from 'distribution')`.execute(
    tx.db,
  );
  return rows;
}

import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { SliceTx } from '../../runs/run-type.ts';
import type { ItemKey } from './ledger.ts';
import type { WritingContext } from './writing-context.ts';

/** What an item needs is mostly at work just before it: a place is held for this long. */
const HELD_MS = 2_000;
const LOOK_EVERY_MS = 50;

/**
 * Waits until what must come first is settled: the groups and items that this one needs, and those
 * before it that make an object of the same name (two creates whose answers are lost could not be
 * told apart).
 * @returns false when it takes longer than a place may be held
 */
export async function waitForOthers(ctx: WritingContext, key: ItemKey): Promise<boolean> {
  const untilMs = ctx.now().getTime() + HELD_MS;
  while (await ctx.inTenant((tx) => mustWait(tx, key))) {
    if (ctx.now().getTime() >= untilMs) return false;
    await pause(LOOK_EVERY_MS, undefined, { signal: ctx.signal });
  }
  return true;
}

/** An item whose run has given it up without a result is not waited for. */
async function mustWait(tx: SliceTx, { restoreId, versionId }: ItemKey): Promise<boolean> {
  const { rows } = await sql<{ waits: boolean }>`
    select exists (
      select 1 from restore_items i
        join restore_items o on o.tenant_id = i.tenant_id and o.restore_id = i.restore_id
          and o.version_id <> i.version_id
        join run_items r on r.tenant_id = o.tenant_id and r.run_id = ${tx.runId}
          and r.subject_kind = 'restore_item' and r.subject_id = o.version_id::text
          and r.outcome = 'pending'
      where i.tenant_id = ${tx.tenantId} and i.restore_id = ${restoreId}
        and i.version_id = ${versionId} and o.result is null
        and (o.version_id = any(i.depends_on)
          or o.type = i.type and o.name = i.name and o.action = 'create' and i.action = 'create'
            and (o.position, o.version_id) < (i.position, i.version_id)))
      or exists (
        select 1 from restore_items i
          join run_items r on r.tenant_id = i.tenant_id and r.run_id = ${tx.runId}
            and r.subject_kind = 'restore_group' and r.subject_id = any(i.new_group_ids)
            and r.outcome = 'pending'
          join restore_groups g on g.tenant_id = i.tenant_id and g.restore_id = i.restore_id
            and g.source_id = r.subject_id and g.state <> 'verified'
        where i.tenant_id = ${tx.tenantId} and i.restore_id = ${restoreId}
          and i.version_id = ${versionId}) as waits`.execute(tx.db);
  return rows[0]?.waits === true;
}

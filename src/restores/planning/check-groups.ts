import { sql } from 'kysely';
import { rememberGroups } from '../../backups/name-groups.ts';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import {
  type Item,
  type ItemEnding,
  type NewItem,
  type RunContext,
  succeeded,
} from '../../runs/run-type.ts';
import { requireRestore } from '../find-restore.ts';
import { lookForNames } from '../groups/look-for-names.ts';
import { GROUPS_LOOK, workLook } from './note-look.ts';
import type { PlanInput } from './plan-input.ts';

/** The item that finds out which groups there are. */
export const GROUPS_ITEM: NewItem = {
  kind: 'groups',
  id: GROUPS_LOOK,
  label: 'Groups',
  discovers: true,
};

/** As many ids as Graph looks up at once. */
const PORTION = 1_000;

/**
 * Asks which of the groups exist that items may mean: those that bodies name, those that are mapped
 * by hand, those that bear the name of a group of another tenant, and those that bear the name of
 * one that would be made. What exists was seen since
 * the preview began; one row per group, so that nothing of the directory is kept beside.
 */
export function checkGroups(ctx: RunContext<PlanInput, 'read'>, item: Item): Promise<ItemEnding> {
  return workLook(ctx, item, async () => {
    let asked = 0;
    let seen = 0;
    let after: string | undefined = '';
    while (after !== undefined) {
      const from: string = after;
      const ids = await ctx.inTenant((tx) => findGroups(tx, ctx.input.restoreId, from));
      const names = ids.length === 0 ? null : await ctx.graph.groupNames(ids, ctx.signal);
      if (names !== null && names.size > 0) await ctx.inTenant((tx) => rememberGroups(tx, names));
      asked += ids.length;
      seen += names?.size ?? 0;
      after = ids.length < PORTION ? undefined : ids.at(-1);
    }
    const names = await lookForNames(ctx);
    return succeeded({ asked, seen, names });
  });
}

/** The next groups that may be meant, by id; ids of another tenant are asked for in vain. */
async function findGroups(tx: TenantTx, id: RestoreId, after: string): Promise<string[]> {
  const { mapping } = await requireRestore(tx, id);
  const byHand = Object.entries(mapping)
    .filter(([from]) => from.startsWith('group:'))
    .flatMap(([, to]) => (to === null ? [] : [to.toLowerCase()]));
  const { rows } = await sql<{ group_id: string }>`
    select distinct g.group_id collate "C" as group_id from (
      select unnest(i.group_ids) as group_id from restore_items i
        where i.tenant_id = ${tx.tenantId} and i.restore_id = ${id}
          and not exists (select 1 from restore_sources s where s.tenant_id = i.tenant_id
            and s.restore_id = i.restore_id and s.version_id = i.version_id)
      union all select unnest(${byHand}::text[])
      union all select d.graph_id from restore_sources s
        cross join lateral jsonb_each_text(s.reference_names) as n (key, name)
        join directory_groups d on d.tenant_id = s.tenant_id and d.name = n.name
        where s.tenant_id = ${tx.tenantId} and s.restore_id = ${id} and n.key like 'group:%'
    ) g where g.group_id collate "C" > ${after} collate "C"
    order by group_id limit ${PORTION}`.execute(tx.db);
  return rows.map((row) => row.group_id);
}

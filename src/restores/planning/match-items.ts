import { sql } from 'kysely';
import type { PolicyType } from '../../graph/contracts/list.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import { lookAtPolicy } from '../../policies/look-at-policy.ts';
import { policyItem } from '../../policies/policy-item.ts';
import {
  type ItemEnding,
  type NewItem,
  type RunContext,
  type SliceTx,
  succeeded,
} from '../../runs/run-type.ts';
import { requireRestore } from '../find-restore.ts';
import { settleGroups } from '../groups/settle-groups.ts';
import { matchItem } from './match-item.ts';
import type { PlanInput } from './plan-input.ts';

/** Items matched in one transaction, and items added in one. */
const PORTION = 500;
/**
 * Looks at once. Conditional Access lets one through in a second, and a read that would have to
 * wait for more than 15 is given back as throttled.
 */
const LOOKS = 10;

/**
 * Finds for every item what is there already, then adds the items to be worked. The inventory was
 * brought up to date by the listings; what it knows and no listing held is looked at by itself.
 */
export async function matchItems(ctx: RunContext<PlanInput, 'read'>): Promise<ItemEnding> {
  const { restoreId } = ctx.input;
  for await (const page of pagesOfItems(ctx)) await lookAtUnseen(ctx, page);
  for await (const page of pagesOfItems(ctx)) {
    await ctx.inTenant((tx) => writeMatches(tx, restoreId, page));
  }
  await ctx.inTenant((tx) => settleShared(tx, restoreId));
  await ctx.inTenant((tx) => settleGroups(tx, restoreId));
  let items = 0;
  for await (const page of pagesOfItems(ctx)) {
    items += page.length;
    await ctx.inTenant((tx) => ctx.addItems(tx, page.map(restoreItem)));
  }
  return succeeded({ items });
}

interface ItemFace {
  readonly version_id: string;
  readonly type: PolicyType;
  readonly name: string;
  readonly source_graph_id: string;
  readonly chosen_graph_id: string | null;
}

/** The item of the run that stands for one item of the restore. */
function restoreItem(row: ItemFace): NewItem {
  return { kind: 'restore_item', id: row.version_id, label: row.name };
}

async function* pagesOfItems(ctx: RunContext<PlanInput, 'read'>): AsyncGenerator<ItemFace[]> {
  let after: string | undefined;
  for (;;) {
    const last: string | undefined = after;
    const page: ItemFace[] = await ctx.inTenant((tx) => {
      const query = tx.db
        .selectFrom('restore_items')
        .select(['version_id', 'type', 'name', 'source_graph_id', 'chosen_graph_id'])
        .where('tenant_id', '=', tx.tenantId)
        .where('restore_id', '=', ctx.input.restoreId)
        .orderBy('version_id')
        .limit(PORTION);
      return (last === undefined ? query : query.where('version_id', '>', last)).execute();
    });
    if (page.length > 0) yield page;
    if (page.length < PORTION) return;
    after = page.at(-1)?.version_id;
  }
}

interface Candidate {
  readonly type: PolicyType;
  readonly graph_id: string;
  readonly name: string;
  readonly is_seen: boolean;
}

/** Objects that items of this page could mean, by id or by name, as far as they are not missing. */
async function findCandidates(
  tx: SliceTx,
  id: RestoreId,
  page: readonly ItemFace[],
): Promise<Candidate[]> {
  const graphIds = page.map((row) => row.chosen_graph_id ?? row.source_graph_id);
  const types = page.map((row) => row.type);
  const names = page.map((row) => row.name);
  const { rows } = await sql<Candidate>`
    select p.type, p.graph_id, p.name, p.last_seen_at >= r.plan_began_at as is_seen
    from restores r, lateral (
      select q.type, q.graph_id, q.name, q.last_seen_at from policies q
        join unnest(${types}::text[], ${graphIds}::text[]) as w (type, graph_id)
          on w.type = q.type and w.graph_id = q.graph_id
        where q.tenant_id = r.tenant_id and q.missing_since is null
      union
      select q.type, q.graph_id, q.name, q.last_seen_at from policies q
        join unnest(${types}::text[], ${names}::text[]) as w (type, name)
          on w.type = q.type and w.name = q.name
        where q.tenant_id = r.tenant_id and q.missing_since is null) p
    where r.tenant_id = ${tx.tenantId} and r.id = ${id}
    order by p.type, p.graph_id`.execute(tx.db);
  return rows;
}

async function lookAtUnseen(
  ctx: RunContext<PlanInput, 'read'>,
  page: readonly ItemFace[],
): Promise<void> {
  const { candidates, looks } = await ctx.inTenant(async (tx) => ({
    candidates: await findCandidates(tx, ctx.input.restoreId, page),
    looks: (await requireRestore(tx, ctx.input.restoreId)).plan_looks,
  }));
  const unseen = candidates.filter(({ is_seen, type }) => !is_seen && looks[type] === 'listed');
  for (let from = 0; from < unseen.length; from += LOOKS) {
    await Promise.all(
      unseen.slice(from, from + LOOKS).map(({ type, graph_id, name }) => {
        const { kind, id, label } = policyItem({ type, graphId: graph_id }, name);
        return lookAtPolicy(ctx, { seq: 0, kind, id, label });
      }),
    );
  }
}

async function writeMatches(tx: SliceTx, id: RestoreId, page: readonly ItemFace[]): Promise<void> {
  const restore = await requireRestore(tx, id);
  const candidates = await findCandidates(tx, id, page);
  const byType = Map.groupBy(candidates, ({ type }) => type);
  const matches = page.map((row) => {
    const there = (byType.get(row.type) ?? []).map(({ graph_id, name }) => ({
      graphId: graph_id,
      name,
    }));
    const wanted = {
      sourceGraphId: row.source_graph_id,
      name: row.name,
      chosenGraphId: row.chosen_graph_id,
    };
    return matchItem(wanted, there, restore.source_kind !== 'copies');
  });
  await sql`
    update restore_items i set match_kind = m.kind, match_graph_id = m.graph_id,
      candidates = m.candidates::jsonb
    from unnest(${page.map((row) => row.version_id)}::uuid[],
      ${matches.map(({ kind }) => kind)}::text[], ${matches.map(({ graphId }) => graphId)}::text[],
      ${matches.map((match) => JSON.stringify(match.candidates))}::text[])
      as m (version_id, kind, graph_id, candidates)
    where i.tenant_id = ${tx.tenantId} and i.restore_id = ${id}
      and i.version_id = m.version_id`.execute(tx.db);
}

/**
 * No object is written by two items. One that an item means by its id is not another's by its name;
 * what several mean by name is none's.
 */
async function settleShared(tx: SliceTx, id: RestoreId): Promise<void> {
  // an item that is created or left out writes to no match
  const own = sql`i.tenant_id = ${tx.tenantId} and i.restore_id = ${id}
    and i.match_graph_id is not null and coalesce(i.choice, 'update') in ('update', 'delete')`;
  const others = sql`select 1 from restore_items o
    where o.tenant_id = i.tenant_id and o.restore_id = i.restore_id and o.type = i.type
      and o.match_graph_id = i.match_graph_id and o.version_id <> i.version_id
      and coalesce(o.choice, 'update') in ('update', 'delete')`;
  await sql`
    update restore_items i set match_kind = 'none', match_graph_id = null
    where ${own} and i.match_kind = 'same_name'
      and exists (${others} and o.match_kind in ('same_id', 'chosen'))`.execute(tx.db);
  await sql`
    update restore_items i set match_kind = 'ambiguous', match_graph_id = null,
      candidates = jsonb_build_array(i.match_graph_id)
    where ${own} and exists (${others})`.execute(tx.db);
}

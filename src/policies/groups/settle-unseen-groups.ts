import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { RunContext } from '../../runs/run-type.ts';
import { type DatabaseInstant, readInstant } from '../database-instant.ts';

/** As many ids as Graph looks up at once. */
const PORTION = 1_000;

/**
 * Asks for the groups that a complete listing did not hold. That alone is no proof: half a page
 * without a next link looks like a whole one. Only what Graph does not know by its id either is
 * missing from then on; its row stays, since backups name it.
 */
export async function settleUnseenGroups<Input>(
  ctx: RunContext<Input, 'read'>,
  beganAt: DatabaseInstant,
): Promise<number> {
  let missing = 0;
  let after: string | undefined = '';
  while (after !== undefined) {
    const from: string = after;
    const { ids, lookedAt } = await ctx.inTenant(async (tx) => ({
      ids: await findUnseenGroups(tx, beganAt, from),
      lookedAt: await readInstant(tx),
    }));
    if (ids.length === 0) return missing;
    const there = await ctx.graph.groupNames(ids, ctx.signal);
    const known = new Set([...there.keys()].map((id) => id.toLowerCase()));
    const gone = ids.filter((id) => !known.has(id));
    await ctx.inTenant((tx) => settle(tx, lookedAt, { gone, known: [...known] }));
    missing += gone.length;
    after = ids.length < PORTION ? undefined : ids.at(-1);
  }
  return missing;
}

async function findUnseenGroups(
  tx: TenantTx,
  since: DatabaseInstant,
  after: string,
): Promise<string[]> {
  const { rows } = await sql<{ graph_id: string }>`
    select graph_id from directory_groups
    where tenant_id = ${tx.tenantId} and missing_since is null
      and seen_at < ${since.at}::timestamptz and graph_id > ${after}
    order by graph_id limit ${PORTION}`.execute(tx.db);
  return rows.map((row) => row.graph_id);
}

/** Whoever saw one of them after it was asked for knows better. */
async function settle(
  tx: TenantTx,
  lookedAt: DatabaseInstant,
  found: { readonly gone: readonly string[]; readonly known: readonly string[] },
): Promise<void> {
  await sql`
    update directory_groups d set
      missing_since = case when d.graph_id = any(${found.gone}::text[])
        then ${lookedAt.at}::timestamptz end,
      seen_at = case when d.graph_id = any(${found.gone}::text[]) then d.seen_at
        else ${lookedAt.at}::timestamptz end
    where d.tenant_id = ${tx.tenantId} and d.seen_at < ${lookedAt.at}::timestamptz
      and d.graph_id = any(${[...found.gone, ...found.known]}::text[])`.execute(tx.db);
}

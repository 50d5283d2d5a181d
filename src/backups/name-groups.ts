import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { BackupId } from '../kernel/ids.ts';
import type { RunContext } from '../runs/run-type.ts';

/** As many ids as Graph names at once. */
const PORTION = 1_000;

/**
 * Learns the names of the groups that a backup's policies point to, as far as they are unknown.
 * Names are a convenience: when Graph gives none, the backup is as good, and the next one asks
 * again.
 */
export async function nameGroups<Input>(
  ctx: RunContext<Input, 'read'>,
  backupId: BackupId,
): Promise<void> {
  try {
    let last: string | undefined = '';
    while (last !== undefined) last = await namePortion(ctx, backupId, last);
  } catch (error) {
    const isOfGraph = error instanceof AppError && error.code.startsWith('graph.');
    if (!isOfGraph || ctx.signal.aborted) throw error;
  }
}

/** Names the groups after this id; answers the last one asked for, undefined at the end. */
async function namePortion<Input>(
  ctx: RunContext<Input, 'read'>,
  backupId: BackupId,
  after: string,
): Promise<string | undefined> {
  const ids = await ctx.inTenant((tx) => findUnnamedGroups(tx, backupId, after));
  if (ids.length === 0) return undefined;
  const names = await ctx.graph.groupNames(ids, ctx.signal);
  await ctx.inTenant((tx) => rememberGroups(tx, names));
  return ids.length < PORTION ? undefined : ids.at(-1);
}

async function findUnnamedGroups(
  tx: TenantTx,
  backupId: BackupId,
  after: string,
): Promise<string[]> {
  const { rows } = await sql<{ group_id: string }>`
    select g.group_id
    from backup_items i
      join policy_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id
      cross join lateral unnest(v.group_ids) as g (group_id)
    where i.tenant_id = ${tx.tenantId} and i.backup_id = ${backupId}
      and g.group_id collate "C" > ${after} collate "C"
      and not exists (select 1 from directory_groups d
        where d.tenant_id = i.tenant_id and d.graph_id = g.group_id)
    group by g.group_id
    order by g.group_id collate "C" limit ${PORTION}`.execute(tx.db);
  return rows.map((row) => row.group_id);
}

/**
 * Notes that groups exist, and their names. In the order of their ids: two runs that end at once
 * never wait in a circle.
 */
export async function rememberGroups(
  tx: TenantTx,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const groups = [...names].map(([id, name]) => ({
    id: id.toLowerCase(),
    // a group name is only shown; PostgreSQL keeps no NUL
    name: name.replaceAll('\u0000', '\uFFFD').toWellFormed(),
  }));
  await sql`
    insert into directory_groups (tenant_id, graph_id, name)
    select ${tx.tenantId}, g.id, g.name
    from unnest(${groups.map(({ id }) => id)}::text[], ${groups.map(({ name }) => name)}::text[])
      as g (id, name)
    order by g.id collate "C"
    on conflict (tenant_id, graph_id) do update
      set name = excluded.name, seen_at = clock_timestamp(), missing_since = null`.execute(tx.db);
}

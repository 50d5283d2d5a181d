import { sql } from 'kysely';
import { contractOf, type PolicyType } from '../../graph/contracts/list.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import type { Restore } from '../find-restore.ts';
import type { LiveBody } from './listed-bodies.ts';
import type { Preview } from './preview-item.ts';
import type { Warning } from './warn-of-item.ts';

interface Row {
  readonly version_id: string;
  readonly type: PolicyType;
  readonly name: string;
}

/** What the inventory tells about an item: a name that is taken, changes that nobody kept. */
export async function warnFromInventory(
  tx: SliceTx,
  { restore, row }: { readonly restore: Restore; readonly row: Row },
  { action, differences }: Preview,
  live: LiveBody | undefined,
): Promise<Warning[]> {
  if (action === 'create') {
    const name = restore.options.namePrefix + row.name;
    return (await isNameTaken(tx, restore, row, name)) ? [{ code: 'restore.name_exists' }] : [];
  }
  if (live === undefined || differences.length === 0) return [];
  const isKept = await isLatestVersion(tx, row, live);
  return isKept ? [] : [{ code: 'restore.changed_since_backup' }];
}

/** What would be changed of a type that somebody else has to agree to, as far as that is known. */
export function warnOfApproval(
  { approval_types }: Pick<Restore, 'approval_types'>,
  { type }: Pick<Row, 'type'>,
  { action }: Pick<Preview, 'action'>,
): Warning[] {
  if (action !== 'create' && action !== 'update') return [];
  const words = contractOf(type).approval ?? [];
  const isLikely = words.some((word) => approval_types?.includes(word));
  return isLikely ? [{ code: 'restore.approval_likely' }] : [];
}

/** By an object of the tenant, or by another item that will be created. */
async function isNameTaken(
  tx: SliceTx,
  restore: Restore,
  row: Row,
  name: string,
): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select 1 from policies p
        where p.tenant_id = ${tx.tenantId} and p.type = ${row.type} and p.name = ${name}
          and p.missing_since is null)
      or exists (select 1 from restore_items o
        where o.tenant_id = ${tx.tenantId} and o.restore_id = ${restore.id}
          and o.type = ${row.type} and o.name = ${row.name} and o.version_id <> ${row.version_id}
          and (o.choice = 'create' or o.choice is null and o.match_kind = 'none'))
        as taken`.execute(tx.db);
  return rows[0]?.taken === true;
}

/** Whether the newest version that was kept of the object says what it says now. */
async function isLatestVersion(tx: SliceTx, row: Row, live: LiveBody): Promise<boolean> {
  const latest = await tx.db
    .selectFrom('policies as p')
    .innerJoin('policy_versions as v', (join) =>
      join
        .onRef('v.tenant_id', '=', 'p.tenant_id')
        .onRef('v.policy_id', '=', 'p.id')
        .onRef('v.number', '=', 'p.latest_version'),
    )
    .select('v.content_hash')
    .where('p.tenant_id', '=', tx.tenantId)
    .where('p.type', '=', row.type)
    .where('p.graph_id', '=', live.graphId)
    .executeTakeFirst();
  return latest?.content_hash.toString('hex') === live.contentHash;
}

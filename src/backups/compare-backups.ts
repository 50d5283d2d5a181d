import { z } from 'zod';
import { type KeysetList, type Page, type PageRequest, readPage } from '../db/keyset.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { compareBodies, type Difference } from '../graph/compare-bodies.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import type { BackupId, PolicyId } from '../kernel/ids.ts';
import { parseBody } from './parse-body.ts';
import { readVersionBodies } from './read-version.ts';

/** Two backups of one tenant, the earlier first; null: there is none, and everything is new. */
export interface BackupPair {
  readonly before: BackupId | null;
  readonly after: BackupId;
}

/**
 * What became of a policy between two backups. `gone`: not in the later one and not in the tenant
 * any more; `left_out`: not in the later one, though as far as is known it still exists.
 */
export type ChangeKind = 'new' | 'changed' | 'unchanged' | 'gone' | 'left_out';

export interface PolicyChange {
  readonly policyId: PolicyId;
  readonly type: PolicyType;
  readonly name: string;
  readonly kind: ChangeKind;
  /** Version numbers; null where the backup does not hold the policy. */
  readonly before: number | null;
  readonly after: number | null;
  /** Setting by setting; only of changed policies. */
  readonly differences: readonly Difference[];
  /** Groups that either version of a changed policy points to, in small letters. */
  readonly groupIds: readonly string[];
}

/** Two bodies are read and compared for each changed policy of a page. */
export const CHANGES_PAGE_MAX = 50;

/**
 * One page of the policies of either backup, each with what became of it: its cost does not grow
 * with the backups. Every body is proved by its hash before it is compared.
 * @throws AppError snapshot.damaged
 */
export async function compareBackups(
  tx: TenantTx,
  pair: BackupPair,
  page: PageRequest<[string]>,
): Promise<Page<PolicyChange>> {
  const limit = Math.min(page.limit, CHANGES_PAGE_MAX);
  const { rows, next } = await readPage(backupPairList, tx, pair, { ...page, limit });
  const changed = rows.filter((row) => kindOf(row) === 'changed');
  const bodies = await readVersionBodies(
    tx,
    changed.flatMap((row) => [row.before_hash, row.after_hash]).filter((hash) => hash !== null),
  );
  return { rows: rows.map((row) => presentChange(row, bodies)), next };
}

/** One policy of either backup. */
export interface PairRow {
  readonly policy_id: PolicyId;
  readonly type: PolicyType;
  readonly name: string;
  readonly missing_since: Date | null;
  readonly before_number: number | null;
  readonly before_hash: Buffer | null;
  readonly before_groups: readonly string[] | null;
  readonly after_number: number | null;
  readonly after_hash: Buffer | null;
  readonly after_groups: readonly string[] | null;
}

/**
 * The policies of either backup by id. Both sides are cut to a page before they are joined: the
 * first page of the two together lies within the first pages of each.
 */
export const backupPairList: KeysetList<TenantTx, BackupPair, PairRow, [string]> = {
  name: (pair) => `changes/${pair.before}/${pair.after}`,
  key: z.tuple([z.uuid()]),
  keyOf: (row) => [row.policy_id],
  select(tx, pair, { after, limit }) {
    return (
      tx.db
        .selectFrom(selectSide(tx, pair.before, after, limit).as('b'))
        .fullJoin(selectSide(tx, pair.after, after, limit).as('a'), 'a.policy_id', 'b.policy_id')
        // a row is of one side at least
        .select(({ fn }) => [
          fn.coalesce('b.policy_id', 'a.policy_id').$notNull().as('policy_id'),
          fn.coalesce('b.type', 'a.type').$notNull().as('type'),
          fn.coalesce('b.name', 'a.name').$notNull().as('name'),
          fn.coalesce('b.missing_since', 'a.missing_since').as('missing_since'),
          'b.number as before_number',
          'b.content_hash as before_hash',
          'b.group_ids as before_groups',
          'a.number as after_number',
          'a.content_hash as after_hash',
          'a.group_ids as after_groups',
        ])
        .orderBy('policy_id')
        .limit(limit)
    );
  },
};

/** Joined to its policies before it is cut: after the join of both sides, all would be read. */
function selectSide(
  tx: TenantTx,
  backupId: BackupId | null,
  after: readonly [string] | undefined,
  limit: number,
) {
  const side = tx.db
    .selectFrom('backup_items as i')
    .innerJoin('policies as p', (join) =>
      join.onRef('p.tenant_id', '=', 'i.tenant_id').onRef('p.id', '=', 'i.policy_id'),
    )
    .innerJoin('policy_versions as v', (join) =>
      join.onRef('v.tenant_id', '=', 'i.tenant_id').onRef('v.id', '=', 'i.version_id'),
    )
    .select(['i.policy_id', 'p.type', 'p.name', 'p.missing_since'])
    .select(['v.number', 'v.content_hash', 'v.group_ids'])
    .where('i.tenant_id', '=', tx.tenantId)
    .where('i.backup_id', '=', backupId) // equals nothing where there is none
    .orderBy('i.policy_id')
    .limit(limit);
  if (after === undefined) return side;
  return side.where((expression) =>
    expression('i.policy_id', '>', expression.cast<PolicyId>(expression.val(after[0]), 'uuid')),
  );
}

export function kindOf(row: PairRow): ChangeKind {
  if (row.before_hash === null) return 'new';
  if (row.after_hash === null) return row.missing_since === null ? 'left_out' : 'gone';
  return row.before_hash.equals(row.after_hash) ? 'unchanged' : 'changed';
}

function presentChange(row: PairRow, bodies: ReadonlyMap<string, string>): PolicyChange {
  const kind = kindOf(row);
  const body = (hash: Buffer | null) => parseBody(bodies.get(hash?.toString('hex') ?? ''));
  return {
    policyId: row.policy_id,
    type: row.type,
    name: row.name,
    kind,
    before: row.before_number,
    after: row.after_number,
    ...(kind === 'changed'
      ? {
          differences: compareBodies(row.type, body(row.before_hash), body(row.after_hash)),
          groupIds: [...(row.before_groups ?? []), ...(row.after_groups ?? [])],
        }
      : { differences: [], groupIds: [] }),
  };
}

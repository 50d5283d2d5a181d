import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import { POLICY_TYPES } from '../../graph/contracts/list.ts';
import type { ReferenceRow } from './list-references.ts';
import { CANDIDATES_MAX, type Candidate, rankCandidates } from './rank-candidates.ts';

/** Candidates by kind and name, as `candidateKey` makes it. */
export type Candidates = ReadonlyMap<string, readonly Candidate[]>;

/** What of this tenant could be meant by each of these, by their names; of a page at a time. */
export async function findCandidates(
  tx: TenantTx,
  references: readonly Pick<ReferenceRow, 'kind' | 'name'>[],
): Promise<Candidates> {
  const found = new Map<string, readonly Candidate[]>();
  const byKind = Map.groupBy(references, ({ kind }) => kind);
  for (const [kind, rows] of byKind) {
    const names = [...new Set(rows.map(({ name }) => name).filter((name) => name !== null))];
    const there = names.length === 0 ? [] : await readThere(tx, kind, names);
    for (const name of names) found.set(candidateKey(kind, name), rankCandidates(name, there));
  }
  return found;
}

export function candidateKey(kind: string, name: string): string {
  return `${kind}:${name}`;
}

function readThere(tx: TenantTx, kind: string, names: readonly string[]): Promise<Candidate[]> {
  if (kind === 'group') return readGroups(tx, names);
  const type = POLICY_TYPES.find((each) => each === kind);
  return type === undefined ? Promise.resolve([]) : readObjects(tx, type);
}

/**
 * Groups by the beginnings and ends of their names: a directory may hold a hundred thousand, and a
 * page must cost the same (law 1), so only what an index finds is looked at. Whoever looks for what
 * only holds the name in its middle searches the list of groups.
 */
async function readGroups(tx: TenantTx, names: readonly string[]): Promise<Candidate[]> {
  // Row-level security lets an index be searched with plain columns only, so the keys
  // are made first, behind a fence (offset 0) that keeps the planner from putting them together.
  const { rows } = await sql<Candidate>`
    select f.graph_id as id, f.name from (
      select k.key, k.key || ${LAST} as key_end, reverse(k.key) as reversed,
        reverse(k.key) || ${LAST} as reversed_end
      from (select distinct lower(n.name) collate "C" as key
        from unnest(${names}::text[]) as n (name)) k
      where k.key <> '' offset 0) w cross join lateral (
      (select d.graph_id, d.name from directory_groups d
        where d.tenant_id = ${tx.tenantId} and d.name_key >= w.key and d.name_key < w.key_end
          and d.missing_since is null and d.kind is distinct from 'distribution'
        order by d.name_key limit ${CANDIDATES_MAX})
      union
      (select d.graph_id, d.name from directory_groups d
        where d.tenant_id = ${tx.tenantId} and d.name_key_reversed >= w.reversed
          and d.name_key_reversed < w.reversed_end
          and d.missing_since is null and d.kind is distinct from 'distribution'
        order by d.name_key_reversed limit ${CANDIDATES_MAX})) f`.execute(tx.db);
  return rows;
}

/** After every other character, in the order of "C". */
const LAST = '\u{10FFFF}';

/** Graph allows a few hundred filters, tags or locations in a tenant (DOC: 200, 200, 195). */
const OBJECTS_MAX = 1_000;

function readObjects(tx: TenantTx, type: (typeof POLICY_TYPES)[number]): Promise<Candidate[]> {
  return tx.db
    .selectFrom('policies')
    .select(['graph_id as id', 'name'])
    .where('tenant_id', '=', tx.tenantId)
    .where('type', '=', type)
    .where('missing_since', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .limit(OBJECTS_MAX)
    .execute();
}

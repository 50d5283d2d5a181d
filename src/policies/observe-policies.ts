import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import type { ListedPolicy } from '../graph/port.ts';
import { newId, type PolicyId, policyIdSchema } from '../kernel/ids.ts';
import type { DatabaseInstant } from './database-instant.ts';
import { storableName } from './policy-name.ts';

/** What shows of a policy before its body is read. */
export type PolicyFace = Omit<ListedPolicy, 'document'>;

/** A policy that Graph showed; `lookedAt` is from before Graph was asked. */
export interface Look<Face extends PolicyFace = PolicyFace> {
  readonly type: PolicyType;
  readonly face: Face;
  readonly lookedAt: DatabaseInstant;
}

/** The same, in the inventory now. */
export interface ObservedPolicy<Face extends PolicyFace = PolicyFace> extends Look<Face> {
  readonly id: PolicyId;
  /** As stored: `face.name` may hold what PostgreSQL refuses. */
  readonly name: string;
}

/**
 * Puts what was seen into the inventory, in one statement. A look that is older than what is known
 * neither renames a policy nor brings one back that a later listing did not hold, whichever of the
 * two is written first.
 *
 * Rows are locked by type and Graph id, as everywhere, so that two runs that meet on the same
 * policies wait for each other and never in a circle.
 */
export async function observePolicies<Face extends PolicyFace>(
  tx: TenantTx,
  looks: readonly Look<Face>[],
): Promise<ObservedPolicy<Face>[]> {
  // A page that shifts while it is read may hold a policy twice; a row is upserted only once.
  const byKey = new Map(looks.map((look) => [keyOf(look.type, look.face.graphId), look]));
  const seen = [...byKey.values()];
  const { rows } = await sql<{ id: PolicyId; type: PolicyType; graph_id: string; name: string }>`
    insert into policies as p (tenant_id, id, type, graph_id, name, platform, last_modified_at,
      last_seen_at)
    select ${tx.tenantId}, s.id, s.type, s.graph_id, s.name, s.platform, s.last_modified_at,
      s.looked_at
    from unnest(${seen.map(() => newId(policyIdSchema))}::uuid[],
      ${seen.map(({ type }) => type)}::text[], ${seen.map(({ face }) => face.graphId)}::text[],
      ${seen.map(({ face }) => storableName(face.name, face.graphId))}::text[],
      ${seen.map(({ face }) => face.platform)}::text[],
      ${seen.map(({ face }) => face.lastModifiedAt)}::text[],
      ${seen.map(({ lookedAt }) => lookedAt.at)}::timestamptz[])
      as s (id, type, graph_id, name, platform, last_modified_at, looked_at)
    order by s.type collate "C", s.graph_id collate "C"
    on conflict (tenant_id, type, graph_id) do update set
      name = case when excluded.last_seen_at >= p.last_seen_at then excluded.name
        else p.name end,
      platform = case when excluded.last_seen_at >= p.last_seen_at then excluded.platform
        else p.platform end,
      last_modified_at = case when excluded.last_seen_at >= p.last_seen_at
        then excluded.last_modified_at else p.last_modified_at end,
      last_seen_at = greatest(p.last_seen_at, excluded.last_seen_at),
      missing_since = case when excluded.last_seen_at > p.missing_since then null
        else p.missing_since end
    returning p.id, p.type, p.graph_id, p.name`.execute(tx.db);
  return rows.flatMap(({ id, type, graph_id, name }) => {
    const look = byKey.get(keyOf(type, graph_id));
    return look === undefined ? [] : [{ ...look, id, name }];
  });
}

function keyOf(type: PolicyType, graphId: string): string {
  return `${type}/${graphId}`;
}

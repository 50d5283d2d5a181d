import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import type { ListedPolicy } from '../graph/port.ts';
import type { PolicyId } from '../kernel/ids.ts';
import { newId, policyIdSchema } from '../kernel/ids.ts';
import type { DatabaseInstant } from './database-instant.ts';
import { storableName } from './policy-name.ts';

/** What shows of a policy before its body is read. */
export type PolicyFace = Omit<ListedPolicy, 'document'>;

/** A policy of the inventory, and what was seen of it just now. */
export interface ObservedPolicy<Face extends PolicyFace> {
  readonly id: PolicyId;
  /** As stored: `face.name` may hold what PostgreSQL refuses. */
  readonly name: string;
  readonly face: Face;
}

/**
 * Puts what was seen into the inventory, in one statement. `lookedAt` is from before Graph was
 * asked: a look that is older than what is known neither renames a policy nor brings one back that
 * a later listing did not hold, whichever of the two is written first.
 *
 * Rows are locked in the order of their Graph ids, as everywhere, so that two runs that meet on the
 * same policies wait for each other and never in a circle.
 */
export async function observePolicies<Face extends PolicyFace>(
  tx: TenantTx,
  type: PolicyType,
  faces: readonly Face[],
  lookedAt: DatabaseInstant,
): Promise<ObservedPolicy<Face>[]> {
  // A page that shifts while it is read may hold a policy twice; a row is upserted only once.
  const byGraphId = new Map(faces.map((face) => [face.graphId, face]));
  const seen = [...byGraphId.values()];
  const names = seen.map((face) => storableName(face.name, face.graphId));
  const { rows } = await sql<{ id: PolicyId; graph_id: string; name: string }>`
    insert into policies as p (tenant_id, id, type, graph_id, name, platform, last_modified_at,
      last_seen_at)
    select ${tx.tenantId}, s.id, ${type}, s.graph_id, s.name, s.platform, s.last_modified_at,
      ${lookedAt.at}::timestamptz
    from unnest(${seen.map(() => newId(policyIdSchema))}::uuid[],
      ${seen.map((face) => face.graphId)}::text[], ${names}::text[],
      ${seen.map((face) => face.platform)}::text[],
      ${seen.map((face) => face.lastModifiedAt)}::text[])
      as s (id, graph_id, name, platform, last_modified_at)
    order by s.graph_id collate "C"
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
    returning p.id, p.graph_id, p.name`.execute(tx.db);
  return rows.flatMap((row) => {
    const face = byGraphId.get(row.graph_id);
    return face === undefined ? [] : [{ id: row.id, name: row.name, face }];
  });
}

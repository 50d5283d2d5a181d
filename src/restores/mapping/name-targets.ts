import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { RestoreId } from '../../kernel/ids.ts';

export interface Target {
  readonly kind: string;
  readonly id: string;
}

/** What this tenant calls the things that a page's references are mapped to, by `kind:id`. */
export async function nameTargets(
  tx: TenantTx,
  targets: readonly Target[],
): Promise<ReadonlyMap<string, string>> {
  if (targets.length === 0) return new Map();
  const groups = targets.filter(({ kind }) => kind === 'group').map(({ id }) => id);
  const { rows } = await sql<{ kind: string; id: string; name: string }>`
    select w.kind, w.id, p.name
      from unnest(${targets.map(({ kind }) => kind)}::text[],
        ${targets.map(({ id }) => id)}::text[]) as w (kind, id)
      join policies p on p.tenant_id = ${tx.tenantId} and p.type = w.kind and p.graph_id = w.id
    union all select 'group', w.id, d.name
      from unnest(${groups}::text[], ${groups.map((id) => id.toLowerCase())}::text[])
        as w (id, key)
      join directory_groups d on d.tenant_id = ${tx.tenantId} and d.graph_id = w.key`.execute(
    tx.db,
  );
  return new Map(rows.map(({ kind, id, name }) => [`${kind}:${id}`, name]));
}

/** What the source calls these groups, by id in small letters, as far as the preview knew. */
export async function readSourceGroupNames(
  tx: TenantTx,
  restoreId: RestoreId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom('restore_references')
    .select(['source_id', 'name'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restoreId)
    .where('kind', '=', 'group')
    .where('source_id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.flatMap(({ source_id: id, name }) => (name === null ? [] : [[id, name]])));
}

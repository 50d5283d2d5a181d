import { sql } from 'kysely';
import { type Actor, recordAudit } from '../../audit/record-audit.ts';
import { readVersionBodies } from '../../backups/read-version.ts';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { PolicyType } from '../../graph/contracts/list.ts';
import { findReferences } from '../../graph/writing/references.ts';
import { isJsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';

interface Source {
  readonly versionId: string;
  readonly number: number;
  readonly policyId: string;
  readonly tenantName: string;
  readonly type: PolicyType;
  readonly name: string;
  readonly graphId: string;
  readonly contentHash: Buffer;
  readonly hasMaskedSecrets: boolean;
  readonly groupIds: readonly string[];
  readonly readAt: Date;
}

/** A version with all that goes along with it. */
export interface SourceWithBody extends Source {
  readonly body: string;
  readonly referenceNames: Readonly<Record<string, string>>;
}

/**
 * Reads versions out of their tenant, each body proved by its hash, and writes down that it did.
 * @throws AppError forbidden when one is not this tenant's; snapshot.damaged
 */
export async function readSources(
  tx: TenantTx,
  actor: Actor,
  versionIds: readonly string[],
  toTenantId: TenantId,
): Promise<readonly SourceWithBody[]> {
  const { rows } = await sql<Source>`
    select v.id as "versionId", v.number, v.policy_id as "policyId", t.name as "tenantName",
      p.type, v.name, p.graph_id as "graphId", v.content_hash as "contentHash",
      v.has_masked_secrets as "hasMaskedSecrets", v.group_ids as "groupIds", v.read_at as "readAt"
    from policy_versions v
      join policies p on p.tenant_id = v.tenant_id and p.id = v.policy_id
      join tenants t on t.id = v.tenant_id
    where v.tenant_id = ${tx.tenantId} and v.id = any(${versionIds}::uuid[])
    order by v.id`.execute(tx.db);
  if (rows.length !== new Set(versionIds).size) throw new AppError('forbidden');
  const bodies = await readVersionBodies(
    tx,
    rows.map((row) => row.contentHash),
  );
  const sources: SourceWithBody[] = [];
  for (const row of rows) {
    const body = bodies.get(row.contentHash.toString('hex')) ?? '';
    sources.push({ ...row, body, referenceNames: await readReferenceNames(tx, row.type, body) });
  }
  await recordAudit(tx, actor, {
    action: 'versions.exported',
    subject: { kind: 'tenant', id: tx.tenantId },
    details: { toTenantId, versions: rows.length, versionIds },
  });
  return sources;
}

/** What this tenant calls what the body refers to, so that it may be found by name elsewhere. */
export async function readReferenceNames(
  tx: TenantTx,
  type: PolicyType,
  body: string,
): Promise<Readonly<Record<string, string>>> {
  const parsed: JsonValue = JSON.parse(body);
  const references = isJsonObject(parsed) ? findReferences(type, parsed) : [];
  if (references.length === 0) return {};
  const { rows } = await sql<{ key: string; name: string }>`
    with wanted as (
      select * from unnest(${references.map(({ to }) => to)}::text[],
        ${references.map(({ id }) => id)}::text[]) as w (kind, id)
    )
    select w.kind || ':' || lower(w.id) as key, p.name from wanted w
      join policies p on p.tenant_id = ${tx.tenantId} and p.type = w.kind and p.graph_id = w.id
    union select 'group:' || d.graph_id, d.name from wanted w
      join directory_groups d on d.tenant_id = ${tx.tenantId} and d.graph_id = lower(w.id)
      where w.kind = 'group'`.execute(tx.db);
  return Object.fromEntries(rows.map(({ key, name }) => [key, name]));
}

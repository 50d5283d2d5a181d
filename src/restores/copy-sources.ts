import { sql } from 'kysely';
import { authorise } from '../access/authorise.ts';
import type { Principal } from '../access/tokens.ts';
import { type Actor, recordAudit } from '../audit/record-audit.ts';
import { readVersionBodies } from '../backups/read-version.ts';
import type { Db } from '../db/db.ts';
import { inTenant, type TenantTx } from '../db/tenant-tx.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import { findReferences } from '../graph/writing/references.ts';
import { isJsonObject, type JsonValue } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestoreId, TenantId } from '../kernel/ids.ts';
import { lockRestore, requireNoPreview } from './find-restore.ts';

/** Copied in one request; a client sends as many requests as it needs. */
export const COPIED_AT_ONCE_MAX = 50;

export interface Copying {
  /** Whose versions they are. */
  readonly fromTenantId: TenantId;
  readonly versionIds: readonly string[];
  /** The tenant and the restore that they are copied into. */
  readonly tenantId: TenantId;
  readonly restoreId: RestoreId;
}

export interface Copied {
  readonly copied: number;
  /** Were there already. */
  readonly present: number;
}

/**
 * Copies chosen versions of one tenant into a restore of another: the only way that content has
 * from tenant to tenant. Both rights are asked of the database, each in its own tenant; both audits
 * tell of it. Bodies and names go along, sealed values never do. The tenants take turns, since a
 * transaction belongs to one: whoever loses the right in between has been told what they could
 * read before.
 * @throws AppError forbidden, capability.missing, restore.preview_running, snapshot.damaged
 */
export async function copySources(
  db: Db,
  principal: Principal,
  actor: Actor,
  copying: Copying,
): Promise<Copied> {
  await inTenant(db, copying.tenantId, (tx) => requireTarget(tx, principal, copying));
  const sources = await inTenant(db, copying.fromTenantId, async (tx) => {
    await authorise(tx, principal, 'backups:export');
    return readSources(tx, actor, copying);
  });
  return inTenant(db, copying.tenantId, async (tx) => {
    await requireTarget(tx, principal, copying);
    return keepSources(tx, actor, copying, sources);
  });
}

async function requireTarget(
  tx: TenantTx,
  principal: Principal,
  { restoreId }: Copying,
): Promise<void> {
  await authorise(tx, principal, 'restores:plan');
  const restore = await lockRestore(tx, restoreId);
  if (restore.source_kind !== 'copies') throw new AppError('restore.no_copies');
  await requireNoPreview(tx, restore);
}

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

interface SourceWithBody extends Source {
  readonly body: string;
  readonly referenceNames: Readonly<Record<string, string>>;
}

async function readSources(
  tx: TenantTx,
  actor: Actor,
  { versionIds, tenantId }: Copying,
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
    sources.push({ ...row, body, referenceNames: await readNames(tx, row.type, body) });
  }
  await recordAudit(tx, actor, {
    action: 'versions.exported',
    subject: { kind: 'tenant', id: tx.tenantId },
    details: { toTenantId: tenantId, versions: rows.length, versionIds },
  });
  return sources;
}

/** What this tenant calls what the body refers to, so that it may be found by name elsewhere. */
async function readNames(
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

async function keepSources(
  tx: TenantTx,
  actor: Actor,
  { restoreId, fromTenantId }: Copying,
  sources: readonly SourceWithBody[],
): Promise<Copied> {
  await sql`
    insert into snapshots (tenant_id, content_hash, body)
    select ${tx.tenantId}, s.hash, s.body
    from unnest(${sources.map((source) => source.contentHash)}::bytea[],
      ${sources.map((source) => Buffer.from(source.body, 'utf8'))}::bytea[]) as s (hash, body)
    order by s.hash on conflict do nothing`.execute(tx.db);
  let copied = 0;
  for (const source of sources)
    copied += await keepSource(tx, actor, restoreId, fromTenantId, source);
  if (copied > 0) {
    await tx.db
      .updateTable('restores')
      .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', restoreId)
      .execute();
  }
  await recordAudit(tx, actor, {
    action: 'restore.versions_copied',
    subject: { kind: 'restore', id: restoreId },
    details: { fromTenantId, versions: sources.length, copied },
  });
  return { copied, present: sources.length - copied };
}

/** 1 when it was not there yet. */
async function keepSource(
  tx: TenantTx,
  actor: Actor,
  restoreId: RestoreId,
  fromTenantId: TenantId,
  source: SourceWithBody,
): Promise<number> {
  const key = { tenant_id: tx.tenantId, restore_id: restoreId, version_id: source.versionId };
  const added = await tx.db
    .insertInto('restore_sources')
    .values({
      ...key,
      version_number: source.number,
      from_tenant_id: fromTenantId,
      from_tenant_name: source.tenantName,
      from_policy_id: source.policyId,
      read_at: source.readAt,
      reference_names: JSON.stringify(source.referenceNames),
      copied_by: actor.label,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 0n) return 0;
  await tx.db
    .insertInto('restore_items')
    .values({
      ...key,
      type: source.type,
      name: source.name,
      source_graph_id: source.graphId,
      content_hash: source.contentHash,
      has_masked_secrets: source.hasMaskedSecrets,
      group_ids: [...source.groupIds],
    })
    .execute();
  return 1;
}

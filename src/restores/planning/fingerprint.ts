import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import { CONTRACTS_VERSION } from '../../graph/writing/plan-steps.ts';
import { canonicalText, type JsonObject, sha256Hex } from '../../kernel/canonical-json.ts';
import { HOUR } from '../../kernel/durations.ts';
import { AppError } from '../../kernel/errors.ts';
import type { RestoreId, TenantId } from '../../kernel/ids.ts';
import { type Connection, requireConnection } from '../../tenants/find-connection.ts';
import { findWriteRegistration } from '../../tenants/find-write-registration.ts';
import { type Restore, requireRestore } from '../find-restore.ts';
import { selectFromBackup } from '../select-source.ts';

/** What a preview was made from and what it came to, so that anything else gives another hash. */
export interface FingerprintParts {
  readonly tenantId: TenantId;
  readonly source: JsonObject;
  readonly selection: JsonObject;
  readonly options: JsonObject;
  readonly mapping: JsonObject;
  /** Null: the tenant has none any more. */
  readonly connection: { readonly id: string; readonly version: number } | null;
  /** What would write; null: nothing may yet. Its id is new with each credential. */
  readonly writeRegistration: { readonly id: string; readonly version: number } | null;
  readonly contractsVersion: string;
  readonly items: readonly FingerprintItem[];
  /** Groups that were ticked to be made. */
  readonly groups: readonly FingerprintGroup[];
}

export interface FingerprintGroup {
  readonly sourceId: string;
  readonly action: string;
  readonly graphId: string | null;
  readonly stepHash: string | null;
  readonly items: number;
}

export interface FingerprintItem {
  readonly versionId: string;
  readonly contentHash: string;
  readonly choice: string | null;
  readonly chosenGraphId: string | null;
  readonly action: string | null;
  readonly matchGraphId: string | null;
  readonly liveHash: string | null;
  readonly stepsHash: string | null;
  /** Entered values: each place with a keyed hash, in order. */
  readonly secrets: readonly string[];
}

/** Changes when the meaning of the parts does. */
const FORMAT = 2;

/** SHA-256 over the parts in canonical form; the order of the items does not matter. */
export function fingerprintOf({ items, groups, ...parts }: FingerprintParts): string {
  const hashesOf = (rows: readonly object[]) =>
    rows.map((row) => sha256Hex(canonicalText({ ...row }))).sort();
  const hashes = { items: hashesOf(items), groups: hashesOf(groups) };
  return sha256Hex(canonicalText({ format: FORMAT, ...parts, ...hashes }));
}

/** The fingerprint as the stored inputs give it now, whatever it was when the preview ended. */
export async function computeFingerprint(tx: TenantTx, restore: Restore): Promise<string> {
  const connection = await findConnection(tx);
  const write = await findWriteRegistration(tx);
  return fingerprintOf({
    tenantId: tx.tenantId,
    source: { kind: restore.source_kind, backupId: restore.backup_id },
    selection: { ...restore.selection },
    options: { ...restore.options },
    mapping: restore.mapping,
    connection: connection ? { id: connection.id, version: connection.version } : null,
    writeRegistration: write ? { id: write.id, version: write.version } : null,
    contractsVersion: CONTRACTS_VERSION,
    items: await readItems(tx, restore),
    groups: await readGroups(tx, restore),
  });
}

async function readGroups(tx: TenantTx, { id }: Restore): Promise<FingerprintGroup[]> {
  const rows = await tx.db
    .selectFrom('restore_groups')
    .select(['source_id', 'action', 'graph_id', 'step_hash', 'items'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .execute();
  return rows.map((row) => ({
    sourceId: row.source_id,
    action: row.action,
    graphId: row.graph_id,
    stepHash: row.step_hash?.toString('hex') ?? null,
    items: row.items,
  }));
}

/** The tenant's connection, if there still is one. */
export function findConnection(tx: TenantTx): Promise<Connection | undefined> {
  return requireConnection(tx).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'connection.missing') return undefined;
    throw error;
  });
}

/** Whether a preview was made with what would write now, or without it when there is nothing. */
export async function hasSameWriter(tx: TenantTx, restore: Restore): Promise<boolean> {
  const write = await findWriteRegistration(tx);
  const { write_registration_id: id, write_registration_version: version } = restore;
  return (write?.id ?? null) === id && (write?.version ?? null) === version;
}

/** A preview holds for so long, from its end. */
const PREVIEW_HOLDS_MS = HOUR;

/** By the database's clock, which wrote when it ended. */
export async function hasExpired(tx: TenantTx, { id }: Pick<Restore, 'id'>): Promise<boolean> {
  const { rows } = await sql<{ expired: boolean }>`
    select clock_timestamp() - ${PREVIEW_HOLDS_MS} * interval '1 millisecond' >= planned_at
      as expired
    from restores where tenant_id = ${tx.tenantId} and id = ${id}`.execute(tx.db);
  return rows[0]?.expired === true;
}

/**
 * Whether a restore may begin as its preview says: the stored inputs still give its fingerprint,
 * and it is young enough. Asked when somebody confirms, and again when the writing run begins; its
 * cost grows with the items, so pages ask `findStaleness`.
 */
export async function isPlanFresh(tx: TenantTx, id: RestoreId): Promise<boolean> {
  const restore = await requireRestore(tx, id);
  if (restore.fingerprint === null || (await hasExpired(tx, restore))) return false;
  return (await computeFingerprint(tx, restore)) === restore.fingerprint.toString('hex');
}

/**
 * What the selection means now, with what the preview found. An item that only one of the two knows
 * is there without the other half, so the fingerprint differs.
 */
async function readItems(tx: TenantTx, restore: Restore): Promise<FingerprintItem[]> {
  const planned = await tx.db
    .selectFrom('restore_items')
    .select(['version_id', 'content_hash', 'choice', 'chosen_graph_id', 'action'])
    .select(['match_graph_id', 'live_hash', 'steps_hash'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restore.id)
    .execute();
  const secrets = await readSecretHashes(tx, restore.id);
  const items = new Map(
    planned.map((row) => [row.version_id, toItem(row, secrets.get(row.version_id))]),
  );
  if (restore.source_kind !== 'backup') return [...items.values()];
  const chosen = await selectFromBackup(tx, restore).execute();
  const isChosen = new Set(chosen.map((row) => row.version_id));
  return [
    ...[...items.values()].filter(({ versionId }) => isChosen.has(versionId)),
    ...chosen.filter((row) => !items.has(row.version_id)).map((row) => toItem(row)),
  ];
}

/** Of each item with entered values: what tells them from others. */
async function readSecretHashes(
  tx: TenantTx,
  id: RestoreId,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx.db
    .selectFrom('restore_secrets')
    .select(['version_id', 'place', 'keyed_hash'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .execute();
  const byVersion = Map.groupBy(rows, (row) => row.version_id);
  const textOf = ({ place, keyed_hash }: (typeof rows)[number]) =>
    `${place} ${keyed_hash.toString('hex')}`;
  return new Map([...byVersion].map(([id, group]) => [id, group.map(textOf).sort()]));
}

type Row = { readonly version_id: string; readonly content_hash: Buffer } & Partial<{
  readonly choice: string | null;
  readonly chosen_graph_id: string | null;
  readonly action: string | null;
  readonly match_graph_id: string | null;
  readonly live_hash: Buffer | null;
  readonly steps_hash: Buffer | null;
}>;

function toItem(row: Row, secrets: readonly string[] = []): FingerprintItem {
  return {
    versionId: row.version_id,
    contentHash: row.content_hash.toString('hex'),
    choice: row.choice ?? null,
    chosenGraphId: row.chosen_graph_id ?? null,
    action: row.action ?? null,
    matchGraphId: row.match_graph_id ?? null,
    liveHash: row.live_hash?.toString('hex') ?? null,
    stepsHash: row.steps_hash?.toString('hex') ?? null,
    secrets,
  };
}

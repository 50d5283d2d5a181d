import { sql } from 'kysely';
import { POLICY_TYPES, type PolicyType } from '../../graph/contracts/list.ts';
import { restoreModeOf } from '../../graph/writing/plan-steps.ts';
import type { FoundReference } from '../../graph/writing/references.ts';
import { type ErrorCode, isErrorCode } from '../../kernel/errors.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import type { Restore } from '../find-restore.ts';
import { readSettledGroups } from '../groups/read-settled-groups.ts';
import { type Decision, decideItem, type Matched } from './match-item.ts';
import { GROUPS_LOOK } from './note-look.ts';
import {
  keyOf,
  type SurroundingItem,
  type SurroundingObject,
  type Surroundings,
} from './resolve-references.ts';

/** Why a type could not be listed by this preview; null when it was. */
function listingFailureOf(restore: Restore, type: PolicyType): ErrorCode | null {
  const look = restore.plan_looks[type];
  if (look === 'listed') return null;
  return typeof look === 'string' && isErrorCode(look) ? look : 'internal';
}

/** What is to become of an item, as far as its match tells. */
export function decisionOf(
  restore: Restore,
  row: Omit<Matched, 'mode' | 'listingFailure'> & { readonly type: PolicyType },
): Decision {
  const { mode } = restoreModeOf(row.type);
  const { choice, match } = row;
  return decideItem({ choice, match, mode, listingFailure: listingFailureOf(restore, row.type) });
}

/** Reads what is known about the things that a body refers to, in a few statements. */
export async function loadSurroundings(
  tx: SliceTx,
  restore: Restore,
  versionId: string,
  references: readonly FoundReference[],
): Promise<Surroundings> {
  const idsHold = restore.source_kind !== 'copies';
  const sourceNames = idsHold
    ? await readOwnNames(tx, references)
    : await readCopiedNames(tx, restore, versionId);
  const names = [...new Set(sourceNames.values())];
  const types = POLICY_TYPES.filter((type) => references.some(({ to }) => to === type));
  const targets = Object.values(restore.mapping).filter((id) => id !== null);
  const known = { ids: [...references.map(({ id }) => id), ...targets], names };
  const unlisted = types.filter((type) => listingFailureOf(restore, type) !== null);
  return {
    mapping: restore.mapping,
    idsHold,
    sourceNames,
    groups: await readGroups(tx, restore, known),
    objects: types.length === 0 ? [] : await readObjects(tx, restore, types, known),
    unlisted: new Set(unlisted),
    items: await readItems(tx, restore, references),
    newGroups: await readSettledGroups(tx, restore.id),
  };
}

interface Known {
  readonly ids: readonly string[];
  readonly names: readonly string[];
}

/** What this tenant calls them, also those that are gone. */
async function readOwnNames(
  tx: SliceTx,
  references: readonly FoundReference[],
): Promise<ReadonlyMap<string, string>> {
  if (references.length === 0) return new Map();
  const groupIds = references.filter(({ to }) => to === 'group').map(({ id }) => id.toLowerCase());
  const { rows } = await sql<{ kind: string; id: string; name: string }>`
    select p.type as kind, p.graph_id as id, p.name from policies p
      join unnest(${references.map(({ to }) => to)}::text[],
        ${references.map(({ id }) => id)}::text[]) as r (kind, id)
        on r.kind = p.type and r.id = p.graph_id
      where p.tenant_id = ${tx.tenantId}
    union all select 'group', d.graph_id, d.name from directory_groups d
      where d.tenant_id = ${tx.tenantId} and d.graph_id = any(${groupIds}::text[])`.execute(tx.db);
  return new Map(rows.map(({ kind, id, name }) => [keyOf(kind, id), name]));
}

/** What the other tenant called them when its version was copied. */
async function readCopiedNames(
  tx: SliceTx,
  restore: Restore,
  versionId: string,
): Promise<ReadonlyMap<string, string>> {
  const row = await tx.db
    .selectFrom('restore_sources')
    .select('reference_names')
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restore.id)
    .where('version_id', '=', versionId)
    .executeTakeFirst();
  const names = Object.entries(row?.reference_names ?? {});
  return new Map(names.map(([key, name]) => [key, String(name)]));
}

/**
 * Groups that this preview saw; null when it could not look. By its name no distribution list is
 * meant: nothing can be assigned to one.
 */
async function readGroups(
  tx: SliceTx,
  restore: Restore,
  known: Known,
): Promise<ReadonlyMap<string, string> | null> {
  if (restore.plan_looks[GROUPS_LOOK] !== 'listed') return null;
  const { rows } = await sql<{ graph_id: string; name: string }>`
    select d.graph_id, d.name from directory_groups d
    where d.tenant_id = ${tx.tenantId} and d.seen_at >= ${began(tx, restore)}
      and d.missing_since is null
      and (d.graph_id = any(${known.ids.map((id) => id.toLowerCase())}::text[])
        or d.name = any(${known.names}::text[]) and d.kind is distinct from 'distribution')
    `.execute(tx.db);
  return new Map(rows.map(({ graph_id, name }) => [graph_id, name]));
}

function readObjects(
  tx: SliceTx,
  restore: Restore,
  types: readonly PolicyType[],
  known: Known,
): Promise<readonly SurroundingObject[]> {
  return sql<SurroundingObject>`
    select p.type, p.graph_id as "graphId", p.name from policies p
    where p.tenant_id = ${tx.tenantId} and p.type = any(${types}::text[])
      and p.missing_since is null and p.last_seen_at >= ${began(tx, restore)}
      and (p.graph_id = any(${known.ids}::text[]) or p.name = any(${known.names}::text[]))`
    .execute(tx.db)
    .then(({ rows }) => rows);
}

/** Asked of the database again: a Date would cut the moment to milliseconds. */
function began(tx: SliceTx, restore: Restore) {
  return sql`(select r.plan_began_at from restores r
    where r.tenant_id = ${tx.tenantId} and r.id = ${restore.id})`;
}

async function readItems(
  tx: SliceTx,
  restore: Restore,
  references: readonly FoundReference[],
): Promise<ReadonlyMap<string, SurroundingItem>> {
  if (references.length === 0) return new Map();
  const { rows } = await sql<ItemRow>`
    select i.version_id, i.type, i.source_graph_id, i.choice, i.match_kind, i.match_graph_id
    from restore_items i
      join unnest(${references.map(({ to }) => to)}::text[],
        ${references.map(({ id }) => id)}::text[]) as r (kind, id)
        on r.kind = i.type and r.id = i.source_graph_id
    where i.tenant_id = ${tx.tenantId} and i.restore_id = ${restore.id}`.execute(tx.db);
  return new Map(
    rows.map((row) => [keyOf(row.type, row.source_graph_id), surroundingItem(restore, row)]),
  );
}

interface ItemRow {
  readonly version_id: string;
  readonly type: PolicyType;
  readonly source_graph_id: string;
  readonly choice: Matched['choice'];
  readonly match_kind: Matched['match'] | null;
  readonly match_graph_id: string | null;
}

function surroundingItem(restore: Restore, row: ItemRow): SurroundingItem {
  const match = row.match_kind ?? 'none';
  const { action } = decisionOf(restore, { ...row, match });
  const becomes = {
    create: 'created',
    update: 'match',
    delete: 'nothing',
    skip: 'nothing',
    blocked: 'nothing',
  } as const;
  return { versionId: row.version_id, becomes: becomes[action], graphId: row.match_graph_id };
}

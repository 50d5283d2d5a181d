import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { WriteProof, WriteState } from '../../db/tables/restore-writes.ts';
import type { PolicyType } from '../../graph/contracts/list.ts';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import type { SliceTx } from '../../runs/run-type.ts';

/** Which item of which restore. */
export interface ItemKey {
  readonly restoreId: RestoreId;
  readonly versionId: string;
}

/** One row of the ledger, as it is now. */
export interface Write extends ItemKey {
  readonly step: number;
  readonly isCreate: boolean;
  readonly state: WriteState;
  readonly attempt: number;
  readonly failures: number;
  readonly clientRequestId: string | null;
  /** How long ago the last intent was written down, by the database's clock; null: never. */
  readonly ageMs: number | null;
  readonly existingIds: readonly string[];
  readonly graphId: string | null;
  readonly code: string | null;
}

/**
 * The writes of an item in their order, made when they are not there yet; from now on this run
 * holds them.
 */
export async function openWrites(
  tx: SliceTx,
  item: ItemKey & { readonly type: PolicyType },
  steps: readonly WriteStep[],
): Promise<readonly Write[]> {
  await sql`
    insert into restore_writes (tenant_id, restore_id, version_id, step, run_id, type, name,
      is_create)
    select ${tx.tenantId}, ${item.restoreId}, ${item.versionId}, n - 1, ${tx.runId}, ${item.type},
      name, is_create
    from unnest(${steps.map(({ name }) => name)}::text[],
      ${steps.map(({ isCreate }) => isCreate)}::boolean[]) with ordinality as s (name, is_create, n)
    on conflict do nothing`.execute(tx.db);
  await sql`
    update restore_writes set run_id = ${tx.runId}
    where ${isOf(tx, item)} and run_id is distinct from ${tx.runId}`.execute(tx.db);
  const { rows } = await sql<Write>`
    select ${COLUMNS} from restore_writes where ${isOf(tx, item)} order by step`.execute(tx.db);
  return rows;
}

/** Written down before anything is sent: from here on it may have been done. */
export function intend(
  tx: SliceTx,
  write: Write,
  existingIds: readonly string[] | null,
): Promise<Write> {
  return move(
    tx,
    write,
    ['planned'],
    sql`state = 'intent', attempt = attempt + 1, client_request_id = ${randomUUID()},
      intent_at = clock_timestamp(), existing_ids = ${existingIds}::text[], proof = null,
      code = null`,
  );
}

/** It is done: the object bears this id. Adopted: found by looking, since the answer was lost. */
export function markApplied(
  tx: SliceTx,
  write: Write,
  graphId: string,
  wasAdopted: boolean,
): Promise<Write> {
  return move(
    tx,
    write,
    ['planned', 'intent', 'unknown'],
    sql`state = 'applied', graph_id = ${graphId}, was_adopted = ${wasAdopted}, code = null`,
  );
}

/** It is not known whether it was done; it stays an intent, and looking decides. */
export function noteAmbiguous(tx: SliceTx, write: Write, code: ErrorCode): Promise<Write> {
  return move(tx, write, ['intent'], sql`failures = failures + 1, code = ${code}`);
}

/** It was not done, and this is how that is known: it may be sent again. */
export function markNotDone(
  tx: SliceTx,
  write: Write,
  proof: WriteProof,
  why: { readonly code: ErrorCode; readonly isFailure: boolean },
): Promise<Write> {
  return move(
    tx,
    write,
    ['intent', 'unknown'],
    sql`state = 'planned', proof = ${proof}, code = ${why.code},
      failures = failures + ${why.isFailure ? 1 : 0}`,
  );
}

/** It will not be done. */
export function markFailed(tx: SliceTx, write: Write, code: ErrorCode): Promise<Write> {
  return move(tx, write, ['planned', 'intent', 'unknown'], sql`state = 'failed', code = ${code}`);
}

/** A person has to say what became of the item's write that is under way. */
export async function markUnknown(tx: SliceTx, item: ItemKey, code: string): Promise<void> {
  await sql`
    update restore_writes set state = 'unknown', code = ${code}, run_id = ${tx.runId}
    where ${isOf(tx, item)} and state = 'intent'`.execute(tx.db);
}

/** It is looked for once more. */
export function reopen(tx: SliceTx, write: Write): Promise<Write> {
  return move(tx, write, ['unknown'], sql`state = 'intent'`);
}

/** One more write of an item, which somebody decided. */
export async function addWrite(
  tx: SliceTx,
  item: ItemKey & { readonly type: PolicyType },
  step: number,
  name: WriteStep['name'],
): Promise<void> {
  await sql`
    insert into restore_writes (tenant_id, restore_id, version_id, step, run_id, type, name,
      is_create)
    values (${tx.tenantId}, ${item.restoreId}, ${item.versionId}, ${step}, ${tx.runId},
      ${item.type}, ${name}, false)
    on conflict do nothing`.execute(tx.db);
}

/** Every write of the item reads back as it was sent. */
export async function markVerified(tx: SliceTx, item: ItemKey): Promise<void> {
  await sql`
    update restore_writes set state = 'verified', run_id = ${tx.runId}
    where ${isOf(tx, item)} and state = 'applied'`.execute(tx.db);
}

/** How long ago the item's last write was begun; infinite when nothing was sent for it. */
export async function readAge(tx: SliceTx, item: ItemKey): Promise<number> {
  const { rows } = await sql<{ ageMs: number | null }>`
    select (extract(epoch from clock_timestamp() - max(intent_at)) * 1000)::float8 as "ageMs"
    from restore_writes where ${isOf(tx, item)}`.execute(tx.db);
  return rows[0]?.ageMs ?? Number.POSITIVE_INFINITY;
}

/** Objects that writes of this restore have made or taken for theirs: no other write's. */
export async function findTaken(
  tx: SliceTx,
  { restoreId, versionId }: ItemKey,
  type: PolicyType,
): Promise<readonly string[]> {
  const { rows } = await sql<{ graph_id: string }>`
    select graph_id from restore_writes
    where tenant_id = ${tx.tenantId} and restore_id = ${restoreId} and type = ${type}
      and is_create and graph_id is not null and version_id <> ${versionId}`.execute(tx.db);
  return rows.map((row) => row.graph_id);
}

const COLUMNS = sql.raw(`restore_id as "restoreId", version_id as "versionId", step,
  is_create as "isCreate", state, attempt, failures, client_request_id as "clientRequestId",
  (extract(epoch from clock_timestamp() - intent_at) * 1000)::float8 as "ageMs",
  coalesce(existing_ids, '{}') as "existingIds", graph_id as "graphId", code`);

function isOf(tx: SliceTx, { restoreId, versionId }: ItemKey) {
  return sql`tenant_id = ${tx.tenantId} and restore_id = ${restoreId}
    and version_id = ${versionId}`;
}

/** Under the fence, and from the states that were expected: anything else is a bug, and stops. */
async function move(
  tx: SliceTx,
  write: Write,
  from: readonly WriteState[],
  set: ReturnType<typeof sql>,
): Promise<Write> {
  const { rows } = await sql<Write>`
    update restore_writes set ${set}, run_id = ${tx.runId}
    where ${isOf(tx, write)} and step = ${write.step} and state = any(${[...from]})
    returning ${COLUMNS}`.execute(tx.db);
  const [moved] = rows;
  if (moved === undefined) throw new Error(`write ${write.step} is not ${from.join(' or ')}`);
  return moved;
}

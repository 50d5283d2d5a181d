import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { WriteProof, WriteState } from '../../db/tables/restore-writes.ts';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import { readSteps } from './read-steps.ts';

/** A group that the restore makes, with its row of the ledger as it is now. */
export interface GroupWrite {
  readonly restoreId: RestoreId;
  readonly sourceId: string;
  readonly name: string;
  readonly step: WriteStep;
  readonly state: WriteState;
  readonly attempt: number;
  readonly failures: number;
  readonly clientRequestId: string | null;
  readonly ageMs: number | null;
  readonly existingIds: readonly string[];
  readonly madeGraphId: string | null;
  readonly writeCode: string | null;
}

/** @throws when the restore makes no such group */
export async function loadGroup(
  tx: SliceTx,
  restoreId: RestoreId,
  sourceId: string,
): Promise<GroupWrite> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from restore_groups
    where tenant_id = ${tx.tenantId} and restore_id = ${restoreId} and source_id = ${sourceId}
      and action = 'create'`.execute(tx.db);
  return toWrite(restoreId, rows);
}

/** Moves it, under the fence and from the states that were expected; anything else is a bug. */
export async function moveGroup(
  tx: SliceTx,
  group: GroupWrite,
  from: readonly WriteState[],
  set: ReturnType<typeof sql>,
): Promise<GroupWrite> {
  const { rows } = await sql<Row>`
    update restore_groups set ${set}, run_id = ${tx.runId}
    where tenant_id = ${tx.tenantId} and restore_id = ${group.restoreId}
      and source_id = ${group.sourceId} and state = any(${[...from]})
    returning ${COLUMNS}`.execute(tx.db);
  return toWrite(group.restoreId, rows);
}

export function intendGroup(tx: SliceTx, group: GroupWrite, existing: readonly string[]) {
  return moveGroup(
    tx,
    group,
    ['planned'],
    sql`state = 'intent', attempt = attempt + 1, client_request_id = ${randomUUID()},
      intent_at = clock_timestamp(), existing_ids = ${[...existing]}::text[], proof = null,
      write_code = null`,
  );
}

export function groupNotMade(
  tx: SliceTx,
  group: GroupWrite,
  proof: WriteProof,
  why: { readonly code: string; readonly isFailure: boolean },
) {
  return moveGroup(
    tx,
    group,
    ['intent'],
    sql`state = 'planned', proof = ${proof}, write_code = ${why.code},
      failures = failures + ${why.isFailure ? 1 : 0}`,
  );
}

export function groupMade(tx: SliceTx, group: GroupWrite, id: string, wasAdopted: boolean) {
  return moveGroup(
    tx,
    group,
    ['intent'],
    sql`state = 'applied', made_graph_id = ${id}, was_adopted = ${wasAdopted}`,
  );
}

interface Row extends Omit<GroupWrite, 'restoreId' | 'step'> {
  readonly step: Buffer;
}

const COLUMNS = sql.raw(`source_id as "sourceId", name, step, state, attempt, failures,
  client_request_id as "clientRequestId", coalesce(existing_ids, '{}') as "existingIds",
  (extract(epoch from clock_timestamp() - intent_at) * 1000)::float8 as "ageMs",
  made_graph_id as "madeGraphId", write_code as "writeCode"`);

function toWrite(restoreId: RestoreId, rows: readonly Row[]): GroupWrite {
  const [row] = rows;
  const [step] = row === undefined ? [] : readSteps(Buffer.concat([OPEN, row.step, CLOSE]));
  if (row === undefined || step === undefined) throw new Error('the restore makes no such group');
  return { ...row, restoreId, step };
}

/** One request is stored where items store a list. */
const OPEN = Buffer.from('[');
const CLOSE = Buffer.from(']');

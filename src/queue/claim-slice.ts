import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { Db } from '../db/db.ts';
import type { Tables } from '../db/tables.ts';
import { inTenant, type TenantTx } from '../db/tenant-tx.ts';
import type { JsonValue } from '../kernel/canonical-json.ts';
import { rolesHolding } from '../kernel/capabilities.ts';
import { AppError, type ErrorCode } from '../kernel/errors.ts';
import { runIdSchema, tenantIdSchema, type WorkerId } from '../kernel/ids.ts';
import type { RunType } from '../runs/run-type.ts';
import type { RunTypes } from '../runs/run-types.ts';
import { RUN_CRASHES_MAX } from './settings.ts';

/** What the job of a lane carries. */
export const ticketSchema = z.object({
  tenantId: tenantIdSchema,
  lane: z.enum(['interactive', 'bulk']),
  ticketNo: z.number().int(),
});
export type Ticket = z.infer<typeof ticketSchema>;

/** The row as to_jsonb gives it; only what a slice needs. */
const claimedRunSchema = z.object({
  tenant_id: tenantIdSchema,
  id: runIdSchema,
  type: z.string(),
  input: z.custom<JsonValue>(),
  lane: z.enum(['interactive', 'bulk']),
  fence: z.number().int(),
  attempts: z.number().int(),
  crashes: z.number().int(),
  takeovers: z.number().int(),
  takeovers_seen: z.number().int(),
  started_at: z.string().nullable(),
  planned_at: z.string().nullable(),
  cancel_requested_at: z.string().nullable(),
  initiator_label: z.string(),
});
export type ClaimedRun = z.infer<typeof claimedRunSchema>;

export type Claim =
  /** `refusal`: it may not begin, or not go on; the slice only ends it. */
  | {
      readonly status: 'claimed';
      readonly run: ClaimedRun;
      readonly type: RunType | undefined;
      readonly refusal: ErrorCode | undefined;
    }
  | { readonly status: 'stale' | 'empty' }
  | { readonly status: 'dead' };

/** Exchanges a ticket for the lane's next due run, under a new fence. One transaction. */
export function claimSlice(
  db: Db,
  runTypes: RunTypes,
  ticket: Ticket,
  workerId: WorkerId,
): Promise<Claim> {
  return inTenant(db, ticket.tenantId, async (tx) => {
    const { rows } = await sql<{ status: Claim['status']; run: unknown }>`
      select * from claim_run(${ticket.lane}, ${ticket.ticketNo}, ${workerId})`.execute(tx.db);
    const row = rows[0];
    if (row === undefined || row.status !== 'claimed') {
      return { status: row?.status === 'dead' ? 'dead' : 'stale' };
    }
    return admitRun(tx, runTypes, row.run);
  });
}

/**
 * Looks whether a claimed run may begin or go on, and marks it as begun. In the transaction of the
 * claim, so that a run which may not begin is never seen as started.
 */
export async function admitRun(
  tx: TenantTx,
  runTypes: RunTypes,
  row: unknown,
): Promise<Extract<Claim, { status: 'claimed' }>> {
  const run = claimedRunSchema.parse(row);
  const type = runTypes.get(run.type);
  const refusal = (await findRefusal(tx, run, type)) ?? (await askGate(tx, run, type));
  if (refusal === undefined && run.started_at === null) await markBegun(tx.db, run);
  return { status: 'claimed', run, type, refusal };
}

async function findRefusal(
  tx: TenantTx,
  run: ClaimedRun,
  type: RunType | undefined,
): Promise<ErrorCode | undefined> {
  if (run.cancel_requested_at !== null) return 'run.cancelled';
  if (run.crashes >= RUN_CRASHES_MAX) return 'run.crashed';
  // A run of a newer version's type: this process cannot work it.
  if (type === undefined) return 'run.type_unknown';
  const roles = rolesHolding(type.capability);
  const { rows } = await sql<{ holds: boolean; connected: boolean }>`
    select run_has_right(${run.id}, ${[...roles]}) as holds, exists (
      select 1 from connections where tenant_id = ${run.tenant_id}) as connected`.execute(tx.db);
  if (rows[0]?.holds !== true) return 'run.rights_missing';
  return type.graph === 'none' || rows[0].connected ? undefined : 'connection.missing';
}

/** The run type's own conditions; a run that has begun is not asked again. */
async function askGate(
  tx: TenantTx,
  run: ClaimedRun,
  type: RunType | undefined,
): Promise<ErrorCode | undefined> {
  if (type?.gate === undefined || run.started_at !== null) return undefined;
  try {
    await type.gate(tx, type.input.parse(run.input), 'begin');
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'database.unreachable') throw error;
    return error.code;
  }
}

async function markBegun(db: Transaction<Tables>, run: ClaimedRun): Promise<void> {
  await sql`
    with told as (
      update notifications set state = 'running', updated_at = clock_timestamp()
      where tenant_id = ${run.tenant_id} and run_id = ${run.id}
    )
    update runs set started_at = clock_timestamp()
    where tenant_id = ${run.tenant_id} and id = ${run.id}`.execute(db);
}

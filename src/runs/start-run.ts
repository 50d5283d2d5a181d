import { sql } from 'kysely';
import type { Actor } from '../audit/record-audit.ts';
import { LAST, PREPARED } from '../db/eager-pool.ts';
import type { Lane } from '../db/tables/runs.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { canonicalText, type JsonValue, sha256Hex } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';
import {
  auditIdSchema,
  newId,
  notificationIdSchema,
  type RunId,
  runIdSchema,
  type UserId,
} from '../kernel/ids.ts';
import type { GraphAccess, RunType } from './run-type.ts';

/** Who starts a run. `userId` is the person whose rights it goes on with; null for schedules. */
export interface Initiator extends Actor {
  readonly userId: UserId | null;
}

export interface StartedRun {
  readonly id: RunId;
  /** The run was live already and this start joined it. */
  readonly wasReused: boolean;
}

interface StartOptions {
  readonly lane?: Lane;
  readonly batchId?: string;
  /** Nothing follows in the caller's transaction: it is committed in the same round trip. */
  readonly isLast?: boolean;
}

/**
 * Creates a run or joins the live one for the same target, with its ticket, audit entry and
 * notification, in the caller's transaction: one statement, whatever the tenant's size. The caller
 * has checked the capability; the run type's gate is asked here.
 * @throws AppError run.live_with_other_input, run.tenant_is_written with the live run's id; what
 *   the gate throws
 */
export async function startRun<Input extends JsonValue, Access extends GraphAccess>(
  tx: TenantTx,
  type: RunType<Input, Access>,
  input: Input,
  initiator: Initiator,
  options: StartOptions = {},
): Promise<StartedRun> {
  await type.gate?.(tx, input, 'start');
  const text = canonicalText(input);
  const mark = options.isLast ? sql`${LAST} ${PREPARED}` : PREPARED;
  const subject = type.subject?.(input) ?? {};
  // A person waits, and a writing run must not wait behind a night's backups.
  const isPerson = initiator.kind === 'user' || initiator.kind === 'token';
  const lane = options.lane ?? (isPerson || type.graph === 'write' ? 'interactive' : 'bulk');
  const result = await sql<{ run_id: RunId; status: 'created' | 'joined' | 'conflict' }>`
    ${mark} select * from start_run_for(${newId(runIdSchema)}, ${type.name},
      ${type.target(input)},
      ${text}::jsonb, ${Buffer.from(sha256Hex(text), 'hex')}, ${lane}, 100, ${initiator.kind},
      ${initiator.id}, ${initiator.label}, ${subject.connectionId ?? null},
      ${subject.policyId ?? null}, ${subject.backupId ?? null}, ${options.batchId ?? null},
      ${initiator.userId}, ${newId(notificationIdSchema)}, ${newId(auditIdSchema)})`.execute(tx.db);
  const row = result.rows[0];
  if (row === undefined) throw new Error('start_run returned no row');
  if (row.status === 'conflict') {
    const code = type.graph === 'write' ? 'run.tenant_is_written' : 'run.live_with_other_input';
    throw new AppError(code, { runId: row.run_id });
  }
  return { id: row.run_id, wasReused: row.status === 'joined' };
}

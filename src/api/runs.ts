import { z } from 'zod';
import { backupIdSchema, connectionIdSchema, policyIdSchema, runIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';
import { reasonSchema } from './reason.ts';

export const runPhaseSchema = z.enum(['queued', 'running', 'ended']);
export const runOutcomeSchema = z.enum(['succeeded', 'partial', 'failed', 'cancelled', 'blocked']);

/** Items by outcome; what is missing to the total is still to be done. */
export const runCountsSchema = z
  .object({
    total: z.int(),
    succeeded: z.int(),
    skipped: z.int(),
    failed: z.int(),
    unknown: z.int(),
  })
  .meta({ id: 'RunCounts' });

export const runSchema = z
  .object({
    id: runIdSchema,
    type: z.string(),
    /** The type's title for people. */
    title: z.string(),
    target: z.string(),
    phase: runPhaseSchema,
    /** Null until it has ended. */
    outcome: runOutcomeSchema.nullable(),
    /** Why it is blocked, failed as a whole, or waits. */
    reason: reasonSchema.nullable(),
    counts: runCountsSchema,
    /** The total still grows until then. */
    plannedAt: instantSchema.nullable(),
    graph: z.object({ calls: z.int(), callsSaved: z.int(), throttled: z.int() }),
    initiator: z.object({ kind: z.string(), label: z.string() }),
    connectionId: connectionIdSchema.nullable(),
    policyId: policyIdSchema.nullable(),
    backupId: backupIdSchema.nullable(),
    createdAt: instantSchema,
    runAt: instantSchema,
    startedAt: instantSchema.nullable(),
    endedAt: instantSchema.nullable(),
    cancelRequestedAt: instantSchema.nullable(),
    /** Grows with each visible change. */
    revision: z.string(),
    links: z.object({ self: z.string(), items: z.string() }),
  })
  .meta({ id: 'Run' });

/** One run, with what it was asked to do. */
export const runDetailSchema = runSchema.extend({ input: z.unknown() }).meta({ id: 'RunDetail' });

/** The answer to a start: a new run, or the live one that was joined. */
export const startedRunSchema = z
  .object({
    id: runIdSchema,
    type: z.string(),
    /** The run was live already; this start joined it. */
    reused: z.boolean(),
    links: z.object({ self: z.string(), items: z.string() }),
  })
  .meta({ id: 'StartedRun' });

/** The answer to a cancel: ended at once, or told to stop at its next item. */
export const cancelledRunSchema = z
  .object({
    id: runIdSchema,
    state: z.enum(['ended', 'stopping']),
    links: z.object({ self: z.string(), items: z.string() }),
  })
  .meta({ id: 'CancelledRun' });

export type Run = z.infer<typeof runSchema>;
export type RunDetail = z.infer<typeof runDetailSchema>;
export type StartedRun = z.infer<typeof startedRunSchema>;

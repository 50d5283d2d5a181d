import { z } from 'zod';
import { itemOutcomeSchema, runItemSchema } from '../../api/run-items.ts';
import { cancelledRunSchema, runDetailSchema, runPhaseSchema, runSchema } from '../../api/runs.ts';
import { AppError } from '../../kernel/errors.ts';
import { backupIdSchema, policyIdSchema, runIdSchema } from '../../kernel/ids.ts';
import { cancelRun, isOwnRun } from '../../runs/cancel-run.ts';
import { findRun } from '../../runs/find-run.ts';
import { runItemsList } from '../../runs/list-run-items.ts';
import { runsList } from '../../runs/list-runs.ts';
import type { RunTypes } from '../../runs/run-types.ts';
import { actorOf } from '../actor-of.ts';
import { runLinks } from '../links.ts';
import { tenantListRoute } from '../list-route.ts';
import { instantOf, presentRun } from '../present-run.ts';
import { reasonOf } from '../reason-of.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';

const runs = '/api/tenants/{tenant}/runs';
const oneRun = z.object({ run: runIdSchema });

/** Looking at runs, and cancelling them. */
export function runRoutes(runTypes: RunTypes): GuardedRoute[] {
  return [listRuns(runTypes), readRun(runTypes), listRunItems, cancelOneRun];
}

const listRuns = (runTypes: RunTypes) =>
  tenantListRoute({
    path: runs,
    summary: 'Runs, newest first',
    capability: 'runs:read',
    params: NOTHING,
    filters: z.object({
      type: z.string().max(100).optional(),
      phase: runPhaseSchema.optional(),
      live: z.enum(['true', 'false']).optional(),
      policy: policyIdSchema.optional(),
      backup: backupIdSchema.optional(),
    }),
    item: runSchema,
    list: runsList,
    filterOf: ({ query }) => ({
      type: query.type,
      phase: query.phase,
      isLive: query.live === undefined ? undefined : query.live === 'true',
      policyId: query.policy,
      backupId: query.backup,
    }),
    present: (row, tenantId) => presentRun(row, tenantId, runTypes),
  });

const readRun = (runTypes: RunTypes) =>
  tenantRoute({
    method: 'get',
    path: `${runs}/{run}`,
    summary: 'One run, with its input',
    capability: 'runs:read',
    params: oneRun,
    query: NOTHING,
    body: NOTHING,
    answer: runDetailSchema,
    statuses: [200],
    async handle({ tx, params }) {
      const row = await findRun(tx, params.run);
      if (row === undefined) throw new AppError('forbidden');
      const body = { ...presentRun(row, tx.tenantId, runTypes), input: row.input };
      return { status: 200, body };
    },
  });

const listRunItems = tenantListRoute({
  path: `${runs}/{run}/items`,
  summary: 'What a run works through, in its order',
  capability: 'runs:read',
  params: oneRun,
  filters: z.object({ outcome: itemOutcomeSchema.optional() }),
  item: runItemSchema,
  list: runItemsList,
  filterOf: ({ params, query }) => ({ runId: params.run, outcome: query.outcome }),
  present: (row) => ({
    seq: row.seq,
    kind: row.subject_kind,
    id: row.subject_id,
    label: row.label,
    outcome: row.outcome,
    reason: reasonOf(row.code),
    details: row.details,
    attempts: row.attempts,
    startedAt: instantOf(row.started_at),
    endedAt: instantOf(row.ended_at),
  }),
});

const cancelOneRun = tenantRoute({
  method: 'post',
  path: `${runs}/{run}/cancel`,
  summary: 'Cancels a run: one’s own, or any with the right to',
  capability: 'runs:cancel_own',
  params: oneRun,
  query: NOTHING,
  body: NOTHING,
  answer: cancelledRunSchema,
  statuses: [200],
  async handle({ tx, principal, authority, params }) {
    const mayCancel =
      authority.capabilities.includes('runs:cancel_any') ||
      (await isOwnRun(tx, params.run, principal.userId));
    if (!mayCancel) throw new AppError('capability.missing', { capability: 'runs:cancel_any' });
    const state = await cancelRun(tx, params.run, actorOf(principal));
    return {
      status: 200,
      body: { id: params.run, state, links: runLinks(tx.tenantId, params.run) },
    };
  },
});

import { z } from 'zod';
import type { Principal } from '../../access/principal.ts';
import { requireRecentSignIn } from '../../access/require-recent-sign-in.ts';
import { type StartedRun, startedRunSchema } from '../../api/runs.ts';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { JsonValue } from '../../kernel/canonical-json.ts';
import { AppError, type ErrorCode } from '../../kernel/errors.ts';
import { runIdSchema } from '../../kernel/ids.ts';
import type { RunType } from '../../runs/run-type.ts';
import type { RunTypes } from '../../runs/run-types.ts';
import { startRun } from '../../runs/start-run.ts';
import { actorOf } from '../actor-of.ts';
import {
  findKeptAnswer,
  idempotencyHeaders,
  KeyRace,
  keepAnswer,
  readKey,
} from '../idempotency.ts';
import { runLinks } from '../links.ts';
import { type Answer, type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';

/** One address per run type, all served by the same lines: a run type brings none of its own. */
export function startRunRoutes(runTypes: RunTypes): GuardedRoute[] {
  return runTypes.all().map((type) => retryingAfterRace(startRunRoute(type)));
}

function startRunRoute(type: RunType): GuardedRoute {
  return tenantRoute({
    method: 'post',
    path: `/api/tenants/{tenant}/runs/${type.name}`,
    summary: `${type.title}: starts a run, or joins the live one`,
    capability: type.capability,
    params: NOTHING,
    query: NOTHING,
    body: type.input,
    recordsHeldByKeys: (body) => subjectIds(type, body),
    headers: idempotencyHeaders,
    answer: startedRunSchema,
    statuses: [200, 201],
    async handle({ tx, principal, body, header, clock }) {
      if (type.graph === 'write') requireRecentSignIn(principal, clock);
      const input = toJson(body);
      const keyed = readKey(principal, `start ${type.name}`, header('idempotency-key'), input);
      const kept = keyed && (await findKeptAnswer(tx, keyed));
      if (kept !== undefined) {
        return withLocation(kept.status, startedRunSchema.parse(kept.response));
      }
      const answer = await start(tx, type, input, principal, keyed === undefined);
      if (keyed !== undefined) {
        await keepAnswer(tx, keyed, { status: answer.status, response: answer.body });
      }
      return answer;
    },
  });
}

/** The loser of a race was rolled back whole; the second time it finds the winner's answer. */
function retryingAfterRace(route: GuardedRoute): GuardedRoute {
  return {
    ...route,
    serve: (call) =>
      route.serve(call).catch((error: unknown) => {
        if (error instanceof KeyRace) return route.serve(call);
        throw error;
      }),
  };
}

async function start(
  tx: TenantTx,
  type: RunType,
  input: JsonValue,
  principal: Principal,
  isLast: boolean,
): Promise<Answer<StartedRun>> {
  const initiator = { ...actorOf(principal), userId: principal.userId };
  try {
    const run = await startRun(tx, { ...type, input: validated }, input, initiator, { isLast });
    return withLocation(run.wasReused ? 200 : 201, {
      id: run.id,
      type: type.name,
      reused: run.wasReused,
      links: runLinks(tx.tenantId, run.id),
    });
  } catch (error) {
    throw explainRefusal(error, tx);
  }
}

/** The list of run types does not know their inputs; what comes here went through `type.input`. */
const validated = z.custom<JsonValue>();

function withLocation(status: number, body: StartedRun): Answer<StartedRun> {
  return { status, body, headers: { location: body.links.self } };
}

/** What a run works on is a column with a foreign key: looking for it before would only cost. */
function subjectIds(type: RunType, body: unknown): readonly string[] {
  const parsed = type.input.safeParse(body);
  const subject = parsed.success ? type.subject?.(parsed.data) : undefined;
  return Object.values(subject ?? {}).map((id) => id.toLowerCase());
}

/** A run of nothing that this tenant holds is refused by a foreign key of the runs table. */
function explainRefusal(error: unknown, tx: TenantTx): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof AppError && CONFLICTS.has(error.code)) {
    const live = runIdSchema.parse(error.details['runId']);
    return new AppError(error.code, { runId: live, runUrl: runLinks(tx.tenantId, live).self });
  }
  return isMissingSubject(error) ? new AppError('forbidden', {}, error) : error;
}

const CONFLICTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'run.live_with_other_input',
  'run.tenant_is_written',
]);

function isMissingSubject(error: Error): boolean {
  return 'code' in error && error.code === '23503' && 'table' in error && error.table === 'runs';
}

function toJson(body: unknown): JsonValue {
  const json: JsonValue = JSON.parse(JSON.stringify(body));
  return json;
}

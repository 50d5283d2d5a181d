import { z } from 'zod';
import { LIVE_RUNS_MAX } from '../../api/live-runs.ts';
import type { RunEvent } from '../../api/run-events.ts';
import { asPerson } from '../../db/person-tx.ts';
import { AppError } from '../../kernel/errors.ts';
import type { UserId } from '../../kernel/ids.ts';
import { listChangedRuns } from '../../runs/list-changed-runs.ts';
import { listLiveRuns } from '../../runs/list-live-runs.ts';
import type { RunChanges } from '../../runs/run-changes.ts';
import { streamRuns } from '../events/stream-runs.ts';
import { type Call, type GuardedRoute, NOTHING } from '../route.ts';

/** Windows of one person; further ones ask from time to time instead. */
const STREAMS_OF_PERSON_MAX = 10;
const STREAMS_MAX = 1_000;

/** What happens, as it happens. */
export function eventRoutes(changes: RunChanges | undefined): GuardedRoute[] {
  const open = new Map<UserId, number>();
  return [
    {
      method: 'get',
      path: '/api/events',
      summary: 'Server-sent events: runs of all your tenants, as they change',
      capability: 'signed-in',
      params: NOTHING,
      query: NOTHING,
      body: NOTHING,
      answer: z.string(),
      statuses: [200],
      async serve(call) {
        if (changes === undefined) throw new AppError('events.not_here');
        const { userId } = call.principal;
        admit(open, userId);
        const stream = streamRuns({
          changes,
          clock: call.clock,
          recheck: call.recheck,
          read: (runIds) => readRuns(call, runIds),
          ended: () => leave(open, userId),
        });
        return { status: 200, body: '', stream };
      },
    },
  ];
}

function admit(open: Map<UserId, number>, userId: UserId): void {
  const ofPerson = open.get(userId) ?? 0;
  const ofAll = [...open.values()].reduce((sum, count) => sum + count, 0);
  if (ofPerson >= STREAMS_OF_PERSON_MAX || ofAll >= STREAMS_MAX) {
    throw new AppError('events.too_many', { retryAfterSeconds: 30 });
  }
  open.set(userId, ofPerson + 1);
}

function leave(open: Map<UserId, number>, userId: UserId): void {
  const left = (open.get(userId) ?? 1) - 1;
  if (left === 0) open.delete(userId);
  else open.set(userId, left);
}

/** As the person who looks: of a tenant that one was removed from nothing is said any more. */
async function readRuns(
  { db, principal }: Call,
  runIds: Parameters<typeof listChangedRuns>[1] | null,
): Promise<readonly RunEvent[]> {
  const tenantIds = principal.scopes.includes('runs:read') ? principal.tenantIds : [];
  const rows = await asPerson(db, principal.userId, async (tx) => {
    const live = runIds === null ? await listLiveRuns(tx, tenantIds, LIVE_RUNS_MAX) : [];
    return listChangedRuns(tx, runIds ?? live.map(({ id }) => id), tenantIds);
  });
  return rows.map((row) => ({
    id: row.id,
    tenantId: row.tenant_id,
    type: row.type,
    phase: row.phase,
    outcome: row.outcome,
    revision: row.revision,
  }));
}

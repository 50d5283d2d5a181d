import { LIVE_RUNS_MAX, liveRunsSchema } from '../../api/live-runs.ts';
import { asPerson } from '../../db/person-tx.ts';
import { listLiveRuns } from '../../runs/list-live-runs.ts';
import type { RunTypes } from '../../runs/run-types.ts';
import { titleOf } from '../present-run.ts';
import { type GuardedRoute, NOTHING } from '../route.ts';

/** What is under way, wherever one may look. */
export function liveRunRoutes(runTypes: RunTypes): GuardedRoute[] {
  return [
    {
      method: 'get',
      path: '/api/runs/live',
      summary: 'The runs that are under way in all your tenants, newest first',
      capability: 'signed-in',
      params: NOTHING,
      query: NOTHING,
      body: NOTHING,
      answer: liveRunsSchema,
      statuses: [200],
      async serve({ db, principal }) {
        const tenantIds = principal.scopes.includes('runs:read') ? principal.tenantIds : [];
        const rows = await asPerson(db, principal.userId, (tx) =>
          listLiveRuns(tx, tenantIds, LIVE_RUNS_MAX + 1),
        );
        const items = rows.slice(0, LIVE_RUNS_MAX).map((row) => ({
          id: row.id,
          tenantId: row.tenant_id,
          tenantName: row.tenant_name,
          type: row.type,
          title: titleOf(row.type, runTypes),
          phase: row.phase,
          done: row.items_done,
          total: row.items_total,
          isStopping: row.cancel_requested_at !== null,
          createdAt: row.created_at.toISOString(),
        }));
        return { status: 200, body: { items, isCut: rows.length > LIVE_RUNS_MAX } };
      },
    },
  ];
}

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type LiveRun, liveRunsSchema } from '../../../src/api/live-runs.ts';
import { type Run, runDetailSchema } from '../../../src/api/runs.ts';
import { request } from '../../shared/api/request.ts';
import { refreshEvery } from '../../shared/live/live-stream.ts';
import { tenantApi } from '../../shared/tenant/use-tenant.ts';

const REFRESH_MS = 3_000;
/** More endings than this are not kept on screen; the bell has them all. */
const ENDED_MAX = 5;

export interface EndedRun {
  readonly live: LiveRun;
  readonly run: Run;
}

/** What is under way, and how what one has seen running has ended, until it is dismissed. */
export function useLiveRuns(tenant: string | null) {
  const { data } = useQuery({
    queryKey: ['live-runs'],
    queryFn: () => request(liveRunsSchema, '/api/runs/live'),
    refetchInterval: () => refreshEvery(REFRESH_MS),
  });
  const [ended, setEnded] = useState<readonly EndedRun[]>([]);
  const seen = useRef<ReadonlyMap<string, LiveRun>>(new Map());
  useEffect(() => {
    if (data === undefined) return;
    const now = new Map(data.items.map((run) => [String(run.id), run]));
    const gone = [...seen.current.values()].filter(({ id }) => !now.has(id));
    seen.current = now;
    for (const live of gone) {
      void request(runDetailSchema, `${tenantApi(live.tenantId)}/runs/${live.id}`)
        .then((run) => setEnded((all) => [{ live, run }, ...all].slice(0, ENDED_MAX)))
        // it ended where one may not look any more: nothing to tell
        .catch(() => {});
    }
  }, [data]);
  const isHere = ({ tenantId }: LiveRun) => tenant === null || tenantId === tenant;
  return {
    live: (data?.items ?? []).filter(isHere),
    ended: ended.filter(({ live }) => isHere(live)),
    dismiss: (id: string) => setEnded((all) => all.filter(({ run }) => run.id !== id)),
  };
}

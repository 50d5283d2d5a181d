import type { QueryClient } from '@tanstack/react-query';
import { type RunEvent, runEventSchema } from '../../../src/api/run-events.ts';
import { tenantApi } from '../tenant/use-tenant.ts';

/** What changed is asked anew at most this often, however much is told. */
const REFRESH_MS = 1_000;
/** While events come, pages ask by themselves only this often. */
const SELDOM_MS = 60_000;

let isLive = false;

/** How often a page is to ask by itself: as it would, unless it is told what changes. */
export function refreshEvery(ms: number): number {
  return isLive ? SELDOM_MS : ms;
}

/**
 * Listens to what happens, one stream for the whole window, and lets what is on screen be asked
 * anew. Hidden windows listen to nothing; when they are looked at again they are told how things
 * are.
 * @returns stops listening
 */
export function listenToRuns(cache: QueryClient): () => void {
  const changed = new Map<string, RunEvent>();
  let source: EventSource | undefined;
  const refresh = () => {
    if (changed.size === 0) return;
    const events = [...changed.values()];
    changed.clear();
    for (const event of events) refreshWhatShows(cache, event);
    void cache.invalidateQueries({ queryKey: ['live-runs'] });
  };
  const open = () => {
    source = new EventSource('/api/events');
    source.addEventListener('run', ({ data }) => {
      const event = runEventSchema.safeParse(JSON.parse(String(data)));
      if (event.success) changed.set(event.data.id, event.data);
    });
    source.addEventListener('ready', () => {
      isLive = true;
      // nothing was told since the stream before: all may have changed
      void cache.invalidateQueries();
    });
    source.addEventListener('error', () => {
      isLive = false;
    });
  };
  const close = () => {
    source?.close();
    source = undefined;
    isLive = false;
  };
  const look = () => {
    if (document.hidden) close();
    else if (source === undefined) open();
  };
  const timer = setInterval(refresh, REFRESH_MS);
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
    close();
  };
}

/** The run itself, lists of runs, and, once it has ended, all that it may have made. */
function refreshWhatShows(cache: QueryClient, event: RunEvent): void {
  const tenant = tenantApi(event.tenantId);
  const isRestore = event.type.startsWith('restore.');
  const moving = [`${tenant}/runs`, ...(isRestore ? [`${tenant}/restores`] : [])];
  void cache.invalidateQueries({
    predicate: ({ queryKey: [, path] }) => {
      if (typeof path !== 'string' || !path.startsWith(tenant)) return false;
      return event.phase === 'ended' || moving.some((start) => path.startsWith(start));
    },
  });
  if (event.phase === 'ended') {
    void cache.invalidateQueries({ queryKey: ['overview'] });
    void cache.invalidateQueries({ queryKey: ['list', '/api/notifications'] });
  }
}

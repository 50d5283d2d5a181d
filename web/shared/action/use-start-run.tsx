import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { startedRunSchema } from '../../../src/api/runs.ts';
import { request } from '../api/request.ts';
import { AppLink } from '../page/app-link.ts';
import { tenantApi } from '../tenant/use-tenant.ts';
import { tellProblem } from './tell-problem.tsx';

export interface RunStart {
  readonly tenant: string;
  /** Name of the run type: `backup.create`. */
  readonly type: string;
  /** For the toast: "Backup". */
  readonly title: string;
  readonly input: unknown;
}

/**
 * Starts a run, and says so: a toast with "View run", or that a live one was joined. While
 * `isPending` the button that does it must not do it again: `<Button loading={isPending}>`.
 */
export function useStartRun() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (start: RunStart) =>
      request(startedRunSchema, `${tenantApi(start.tenant)}/runs/${start.type}`, {
        body: start.input,
        idempotencyKey: crypto.randomUUID(),
      }),
    onSuccess: (run, start) => {
      tellRunStarted(start, run);
      void cache.invalidateQueries({ queryKey: ['list', `${tenantApi(start.tenant)}/runs`] });
    },
    onError: tellProblem,
  });
}

/** "… queued", or that it was live already, with the way to it. */
export function tellRunStarted(
  start: { readonly tenant: string; readonly title: string },
  run: { readonly id: string; readonly reused: boolean },
): void {
  notifications.show({
    title: run.reused ? `${start.title} is already under way` : `${start.title} queued`,
    message: (
      <AppLink to="/t/$tenant/runs/$run" params={{ tenant: start.tenant, run: run.id }} size="sm">
        View run
      </AppLink>
    ),
  });
}

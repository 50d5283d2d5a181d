import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cancelledRunSchema, type RunDetail } from '../../../src/api/runs.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { tellProblem } from '../../shared/action/tell-problem.tsx';
import { request } from '../../shared/api/request.ts';
import { useRefusal } from '../../shared/tenant/use-tenant.ts';

/** Stops a run before its next item; what is done stays done. */
export function CancelRun({ run, path }: { readonly run: RunDetail; readonly path: string }) {
  const cache = useQueryClient();
  const refusal = useRefusal('runs:cancel_own');
  const cancel = useMutation({
    mutationFn: () => request(cancelledRunSchema, `${path}/cancel`, { body: {} }),
    onSettled: () => cache.invalidateQueries({ queryKey: ['run', path] }),
    onError: tellProblem,
  });
  const isStopping = run.cancelRequestedAt !== null;
  return (
    <GatedButton
      variant="default"
      refusal={isStopping ? 'It stops before its next item.' : refusal}
      loading={cancel.isPending}
      onClick={() => cancel.mutate()}
    >
      {isStopping ? 'Stopping' : 'Cancel'}
    </GatedButton>
  );
}

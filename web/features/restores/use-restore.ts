import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type RestoreDetail, restoreDetailSchema } from '../../../src/api/restores.ts';
import { tellProblem } from '../../shared/action/tell-problem.tsx';
import { request } from '../../shared/api/request.ts';
import { refreshEvery } from '../../shared/live/live-stream.ts';

const REFRESH_MS = 2_000;

/** One restore; asked anew while something works on it. */
export function useRestore(path: string) {
  return useQuery({
    queryKey: ['restore', path],
    queryFn: () => request(restoreDetailSchema, path),
    refetchInterval: () => refreshEvery(REFRESH_MS),
  });
}

/** Changes a restore by one of its routes; what it answers is how the restore is now. */
export function useChangeRestore(path: string, route: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => request(restoreDetailSchema, `${path}/${route}`, { body }),
    onSuccess: (restore: RestoreDetail) => {
      if (restore.links.self === path) cache.setQueryData(['restore', path], restore);
      void cache.invalidateQueries({ queryKey: ['restore-items', path] });
      void cache.invalidateQueries({ queryKey: ['restore-mapping', path] });
    },
    onError: tellProblem,
  });
}

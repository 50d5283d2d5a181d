import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { sessionKey } from '../session/session-key.ts';
import { ApiProblem, mayPass } from './problem.ts';

const RETRIES_MAX = 2;
/** A page that is opened again within it shows what it had, and asks behind the scenes after it. */
const FRESH_MS = 5_000;

/** What was read from the server; the only state besides the address. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: forgetSessionThatEnded }),
  mutationCache: new MutationCache({ onError: forgetSessionThatEnded }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < RETRIES_MAX && mayPass(error),
    },
    // a write is repeated by a person only, who sees what became of the first
    mutations: { retry: false },
  },
});

/** One answer "not signed in" is enough: the frame sends to the sign-in page and back. */
function forgetSessionThatEnded(error: unknown): void {
  const hasEnded = error instanceof ApiProblem && error.problem.code === 'unauthorized';
  if (hasEnded) queryClient.setQueryData(sessionKey, null);
}

import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { type Session, sessionSchema } from '../../../src/api/session.ts';
import { ApiProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { sessionKey } from './session-key.ts';

const options = { queryKey: sessionKey, queryFn: readSession, staleTime: 60_000 };

/** Who is signed in; `data` is null when nobody is. */
export function useSession() {
  return useQuery(options);
}

/** Below the signed-in frame somebody is; between sign-out and the next page nobody may be. */
export function usePerson(): Session['user'] | null {
  return useSuspenseQuery(options).data?.user ?? null;
}

async function readSession(): Promise<Session | null> {
  try {
    return await request(sessionSchema, '/api/session');
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status === 401) return null;
    throw error;
  }
}

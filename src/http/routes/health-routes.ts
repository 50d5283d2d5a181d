import { healthSchema } from '../../api/health.ts';
import { NOTHING, type PublicRoute } from '../route.ts';

/** For whoever supervises the process. */
export function healthRoutes(): PublicRoute[] {
  return [
    {
      method: 'get',
      path: '/healthz',
      summary: 'Whether the server answers',
      capability: 'public',
      params: NOTHING,
      query: NOTHING,
      body: NOTHING,
      answer: healthSchema,
      statuses: [200],
      serve: async () => ({ status: 200, body: { status: 'ok' } }),
    },
  ];
}

import { z } from 'zod';
import { runTypeSchema } from '../../api/run-types.ts';
import type { RunType } from '../../runs/run-type.ts';
import type { RunTypes } from '../../runs/run-types.ts';
import { type GuardedRoute, NOTHING } from '../route.ts';

const answer = z.object({ items: z.array(runTypeSchema) });

/** What can be started: from this the web app draws its forms and the CLI its commands. */
export function runTypeRoutes(runTypes: RunTypes): GuardedRoute[] {
  const items = runTypes.all().map(presentRunType);
  return [
    {
      method: 'get',
      path: '/api/run-types',
      summary: 'Kinds of runs that can be started, with the JSON schema of their input',
      capability: 'signed-in',
      params: NOTHING,
      query: NOTHING,
      body: NOTHING,
      answer,
      statuses: [200],
      serve: async () => ({ status: 200, body: { items } }),
    },
  ];
}

function presentRunType(type: RunType): z.input<typeof runTypeSchema> {
  const { name, title, capability, graph } = type;
  return { name, title, capability, graph, input: z.toJSONSchema(type.input, { io: 'input' }) };
}

import { Client } from 'undici';
import { startedRunSchema } from '../src/api/runs.ts';
import { type RunId, runIdSchema, type TenantId } from '../src/kernel/ids.ts';
import type { BenchWorld } from './world.ts';

/** One keep-alive connection to the server. */
export interface ApiConnection {
  /** Starts a new run; joining one would be another measurement. */
  start(tenantId: TenantId, type: string, input: object): Promise<RunId>;
  close(): Promise<void>;
}

export function connectToApi(world: BenchWorld): ApiConnection {
  const client = new Client(world.url, { pipelining: 1 });
  const headers = {
    authorization: `Bearer ${world.token.reveal()}`,
    'content-type': 'application/json',
  };
  return {
    async start(tenantId, type, input) {
      const path = `/api/tenants/${tenantId}/runs/${type}`;
      const body = JSON.stringify(input);
      const answer = await client.request({ method: 'POST', path, headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 201)
        throw new Error(`start answered ${answer.statusCode}: ${text}`);
      return runIdSchema.parse(startedRunSchema.parse(JSON.parse(text)).id);
    },
    close: () => client.close(),
  };
}

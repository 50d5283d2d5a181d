import pg from 'pg';
import { runTypes } from '../src/app/run-types.ts';
import { Db } from '../src/db/db.ts';
import { createHttpApp } from '../src/http/create-http-app.ts';
import { systemClock } from '../src/kernel/clock.ts';
import type { PolicyId, TenantId } from '../src/kernel/ids.ts';
import type { BenchWorld } from './world.ts';

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * How often a start asks the database and waits for the answer, besides BEGIN (with what is sent
 * along) and COMMIT. Counted on the server's own code in this process.
 */
export async function countStartRoundTrips(
  world: BenchWorld,
  tenantId: TenantId,
  policyId: PolicyId,
): Promise<number> {
  const db = new Db(world.place.loginUrl, { connectionsMax: 1, onError: () => {} });
  const readKey = () => Promise.reject(new Error('a start seals nothing'));
  const app = createHttpApp({ db, runTypes, log: SILENT, clock: systemClock, readKey });
  const counted: string[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = new Proxy(query, {
    apply(target, client, sent: [unknown]) {
      counted.push(textOf(sent[0]));
      return Reflect.apply(target, client, sent);
    },
  });
  try {
    const answer = await app.request(`/api/tenants/${tenantId}/runs/policy.capture_snapshot`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.token.reveal()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ policyId, reason: 'Bench' }),
    });
    if (answer.status !== 201) throw new Error(`start answered ${answer.status}`);
  } finally {
    pg.Client.prototype.query = query;
    await db.close();
  }
  return counted.filter((text) => !/^(begin|commit)\b/.test(text)).length;
}

function textOf(query: unknown): string {
  const isConfig = typeof query === 'object' && query !== null && 'text' in query;
  return isConfig ? String(query.text) : String(query);
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startedRunSchema } from '../src/api/runs.ts';
import { startHttpServer } from '../src/http/listen.ts';
import { type ApiAnswer, type ApiWorld, readAnswer, setupApi } from './setup/api-fixture.ts';
import { type ServerProcess, spawnServer } from './setup/server-process.ts';

let world: ApiWorld;
let servers: ServerProcess[];
beforeAll(async () => {
  world = await setupApi();
  servers = await Promise.all([spawnServer(world.database), spawnServer(world.database)]);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await world.close();
});

/** Starts of the same run, all at once, in turn at each server. */
async function startsAtOnce(
  count: number,
  book: string,
  headersOf: (index: number) => Record<string, string> = () => ({}),
): Promise<ApiAnswer[]> {
  const { acme } = world;
  const callers = [acme.as('operator'), acme.as('manager'), acme.as('owner')];
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const server = servers[index % servers.length];
      const caller = callers[index % callers.length];
      const response = await fetch(`${server?.url}${acme.path}/runs/test.note`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...caller?.authorization(),
          ...headersOf(index),
        },
        body: JSON.stringify({ book }),
      });
      return readAnswer(response);
    }),
  );
}

test('two hundred starts of the same run over two servers make one run', async () => {
  const answers = await startsAtOnce(200, 'rush');
  const started = answers.map((answer) => answer.as(startedRunSchema));
  expect(new Set(started.map(({ id }) => id)).size).toBe(1);
  expect(started.filter(({ reused }) => !reused)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(199);
  const id = started[0]?.id;
  const counted = await world.asAdmin(
    `select (select count(*)::integer from runs where target = 'book:rush') as runs,
       (select count(*)::integer from run_requesters where run_id = $1) as requesters,
       (select count(*)::integer from notifications where run_id = $1) as notifications,
       (select count(*)::integer from audit_entries where subject_id = $1::text) as deeds`,
    [id],
  );
  expect(counted.rows).toEqual([{ runs: 1, requesters: 3, notifications: 3, deeds: 200 }]);
});

test('one ticket is enough for all of them', async () => {
  const { rows } = await world.asAdmin(
    `select count(*)::integer as tickets from graphile_worker.jobs where key like $1`,
    [`lane/${world.acme.id}/%`],
  );
  expect(rows).toEqual([{ tickets: 1 }]);
});

test('a key holds over both servers', async () => {
  const answers = await startsAtOnce(30, 'keyed', () => ({ 'Idempotency-Key': 'everywhere' }));
  // Three callers, each with the answer of their own first request.
  expect(new Set(answers.map(({ text }) => text)).size).toBeLessThanOrEqual(2);
  const byStatus = Map.groupBy(answers, ({ status }) => status);
  expect(byStatus.get(201)).toHaveLength(10);
  expect(byStatus.get(200)).toHaveLength(20);
});

test('a port that is taken is said so', async () => {
  const port = Number(new URL(servers[0]?.url ?? '').port);
  const second = startHttpServer({ app: world.app, host: '127.0.0.1', port });
  await expect(second).rejects.toMatchObject({ code: 'server.port_taken', details: { port } });
});

test('a server that is asked to stop ends by itself', async () => {
  const server = await spawnServer(world.database);
  // A keep-alive connection that idles must not hold it.
  await fetch(`${server.url}/healthz`).then((response) => response.text());
  expect(await server.stop()).toBe(0);
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
});

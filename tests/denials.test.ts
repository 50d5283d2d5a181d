import { afterAll, beforeAll, expect, test } from 'vitest';
import { SecurityEvents } from '../src/access/security-events.ts';
import { newId, tenantIdSchema } from '../src/kernel/ids.ts';
import { type ApiClient, type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { recordQueries } from './setup/count-queries.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await setupApi();
});
afterAll(() => world.close());

async function denialsOf(client: ApiClient) {
  const { rows } = await world.asAdmin(
    'select kind, route from security_events where user_id = $1 order by id',
    [client.userId],
  );
  return rows;
}

test('a denial is recorded apart, by person and route, without a tenant', async () => {
  const { acme, globex } = world;
  const member = await acme.hasMember('readonly');
  await member.get(`${globex.path}/runs`);
  await member.get(`/api/tenants/${newId(tenantIdSchema)}/runs`);
  await member.post(`${acme.path}/runs/test.note`, { book: 'a' });
  const route = 'GET /api/tenants/{tenant}/runs';
  expect(await denialsOf(member)).toEqual([
    { kind: 'forbidden', route },
    { kind: 'forbidden', route },
    { kind: 'capability.missing', route: 'POST /api/tenants/{tenant}/runs/test.note' },
  ]);
  const audited = await world.asAdmin('select from audit_entries where actor_id = $1', [
    member.userId,
  ]);
  expect(audited.rowCount).toBe(0);
});

test('a foreign tenant, an absent one and nonsense cost the same statements', async () => {
  const { acme, globex } = world;
  const asked = [globex.id, newId(tenantIdSchema), 'nonsense'];
  const statements = [];
  for (const id of asked) {
    const sent = await recordQueries(() => acme.as('owner').get(`/api/tenants/${id}/policies`));
    // Which tenant is entered stands in the statement itself.
    statements.push(sent.map(({ text }) => text.replaceAll(/'[0-9a-f-]{36}'/g, "'id'")));
  }
  expect(statements[0]).toContain('rollback');
  expect(statements[1]).toEqual(statements[0]);
  expect(statements[2]).toEqual(statements[0]);
});

test('a foreign record and an absent one cost the same statements', async () => {
  const { acme } = world;
  const foreign = await world.globex.as('operator').post(`${world.globex.path}/runs/test.note`, {
    book: 'theirs',
  });
  const location = foreign.headers.get('location') ?? '';
  const statements = [];
  for (const id of [location.split('/').at(-1), newId(tenantIdSchema)]) {
    const sent = await recordQueries(() => acme.as('owner').get(`${acme.path}/runs/${id}`));
    statements.push(sent.map(({ text }) => text));
  }
  expect(statements[1]).toEqual(statements[0]);
});

test('whoever knocks without end is recorded only so often a minute', async () => {
  const { acme } = world;
  const member = await acme.hasMember('readonly');
  const { userId } = member;
  if (userId === undefined) throw new Error('a member is somebody');
  let nowMs = 0;
  const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };
  const events = new SecurityEvents(world.db, clock);
  const knock = () => events.record({ kind: 'forbidden', userId, route: 'GET /x' });
  for (let times = 0; times < 50; times++) await knock();
  expect(await denialsOf(member)).toHaveLength(30);
  await events.record({ kind: 'unauthorized', userId: null, route: 'GET /x' });
  const strangers = await world.asAdmin('select from security_events where user_id is null');
  expect(strangers.rowCount).toBe(1);
  nowMs += 60_000;
  await knock();
  expect(await denialsOf(member)).toHaveLength(31);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditEntrySchema } from '../src/api/audit.ts';
import { tenantNotificationSchema } from '../src/api/notifications.ts';
import { pageSchema } from '../src/api/page.ts';
import { problemSchema } from '../src/api/problem.ts';
import { runDetailSchema, startedRunSchema } from '../src/api/runs.ts';
import { ROLES, type Role } from '../src/kernel/capabilities.ts';
import { type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { hasPolicy, moveRun } from './setup/api-records.ts';
import { recordQueries, roundTrips } from './setup/count-queries.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await setupApi();
});
afterAll(() => world.close());

/** Starts a note in a book as an operator of Acme. */
async function startNote(book: string, page?: number) {
  const { acme } = world;
  const input = { book, ...(page === undefined ? {} : { page }) };
  return acme.as('operator').post(`${acme.path}/runs/test.note`, input);
}

test('a start answers at once with a new run and where it is', async () => {
  const { acme } = world;
  const answer = await startNote('new');
  expect(answer.status).toBe(201);
  const started = answer.as(startedRunSchema);
  expect(started).toMatchObject({ type: 'test.note', reused: false });
  expect(answer.headers.get('location')).toBe(started.links.self);
  const run = (await acme.as('readonly').get(started.links.self)).as(runDetailSchema);
  expect(run).toMatchObject({
    id: started.id,
    title: 'Take a note',
    phase: 'queued',
    outcome: null,
    input: { book: 'new', page: 1 },
    initiator: { kind: 'token', label: 'operator of Acme (token test)' },
  });
});

test('a start tells its person and is in the audit, with the deed', async () => {
  const { acme } = world;
  const { id } = (await startNote('told')).as(startedRunSchema);
  const told = await acme.as('operator').get(`${acme.path}/notifications`);
  const mine = told.as(pageSchema(tenantNotificationSchema)).items;
  expect(mine.find((row) => row.runId === id)).toMatchObject({ state: 'queued', readAt: null });
  const audit = await acme.as('manager').get(`${acme.path}/audit`);
  const entries = audit.as(pageSchema(auditEntrySchema)).items;
  expect(entries.filter((entry) => entry.subject.id === id)).toMatchObject([
    { action: 'run.started', actor: { label: 'operator of Acme (token test)' } },
  ]);
});

test('the same start joins the run while it is queued and while it is running', async () => {
  const first = (await startNote('joined')).as(startedRunSchema);
  const whileQueued = await startNote('joined');
  expect(whileQueued.status).toBe(200);
  expect(whileQueued.as(startedRunSchema)).toMatchObject({ id: first.id, reused: true });
  await moveRun(world, first.id, 'running');
  expect((await startNote('joined')).as(startedRunSchema)).toMatchObject({ id: first.id });
});

test('after the run has ended the same start makes a new one', async () => {
  const first = (await startNote('ended')).as(startedRunSchema);
  await moveRun(world, first.id, 'ended');
  const second = await startNote('ended');
  expect(second.status).toBe(201);
  expect(second.as(startedRunSchema).id).not.toBe(first.id);
});

test('the same target with other input is a conflict that names the live run', async () => {
  const first = (await startNote('conflict', 1)).as(startedRunSchema);
  const answer = await startNote('conflict', 2);
  expect(answer.status).toBe(409);
  expect(answer.as(problemSchema)).toMatchObject({
    code: 'run.live_with_other_input',
    links: { run: first.links.self },
  });
});

test('whoever joins is told as well', async () => {
  const { acme } = world;
  const { id } = (await startNote('both')).as(startedRunSchema);
  await acme.as('manager').post(`${acme.path}/runs/test.note`, { book: 'both' });
  const told = await acme.as('manager').get(`${acme.path}/notifications`);
  expect(told.as(pageSchema(tenantNotificationSchema)).items.map((row) => row.runId)).toContain(id);
});

const MAY_START: Record<Role, boolean> = {
  readonly: false,
  operator: true,
  manager: true,
  owner: true,
};
test.each(Object.entries(MAY_START))('role %s may start: %s', async (role, mayStart) => {
  const { acme } = world;
  const body = { book: `as ${role}` };
  const member = acme.as(ROLES.find((each) => each === role) ?? 'none');
  const answer = await member.post(`${acme.path}/runs/test.note`, body);
  expect(answer.status).toBe(mayStart ? 201 : 403);
  if (!mayStart) {
    expect(answer.as(problemSchema)).toMatchObject({
      code: 'capability.missing',
      capability: 'policies:sync',
    });
  }
});

test('a token without the scope may not start what its user may', async () => {
  const { acme } = world;
  const reader = await acme.hasMember('owner', { scopes: ['runs:read', 'tenant:read'] });
  const answer = await reader.post(`${acme.path}/runs/test.note`, { book: 'scoped' });
  expect(answer.code).toBe('capability.missing');
});

test('a role that was taken away is gone at the next request', async () => {
  const { acme } = world;
  const member = await acme.hasMember('operator');
  expect((await member.post(`${acme.path}/runs/test.note`, { book: 'r1' })).status).toBe(201);
  await world.asAdmin('update memberships set role = $2 where user_id = $1', [
    member.userId,
    'readonly',
  ]);
  const refused = await member.post(`${acme.path}/runs/test.note`, { book: 'r2' });
  expect(refused.code).toBe('capability.missing');
  await world.asAdmin('delete from memberships where user_id = $1', [member.userId]);
  expect((await member.get(`${acme.path}/runs`)).code).toBe('forbidden');
});

test('a start costs three round trips besides begin and commit', async () => {
  const { acme } = world;
  const policyId = await hasPolicy(world, acme, 'counted');
  const sent = await recordQueries(() =>
    acme.as('operator').post(`${acme.path}/runs/test.policy`, { policyId }),
  );
  expect(roundTrips(sent).map(({ text }) => text.trim().slice(0, 60))).toHaveLength(3);
});

test('an Idempotency-Key costs two round trips more', async () => {
  const { acme } = world;
  const policyId = await hasPolicy(world, acme, 'counted with a key');
  const headers = { 'Idempotency-Key': 'counted' };
  const sent = await recordQueries(() =>
    acme.as('operator').post(`${acme.path}/runs/test.policy`, { policyId }, headers),
  );
  expect(roundTrips(sent)).toHaveLength(5);
});

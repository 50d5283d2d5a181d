import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditEntrySchema } from '../src/api/audit.ts';
import { tenantNotificationSchema } from '../src/api/notifications.ts';
import { pageSchema } from '../src/api/page.ts';
import { cancelledRunSchema, runDetailSchema, startedRunSchema } from '../src/api/runs.ts';
import { type ApiClient, type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { moveRun } from './setup/api-records.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await setupApi();
});
afterAll(() => world.close());

async function starts(client: ApiClient, book: string) {
  const answer = await client.post(`${world.acme.path}/runs/test.note`, { book });
  return answer.as(startedRunSchema);
}

async function deedsOn(runId: string) {
  const page = await world.acme.as('manager').get(`${world.acme.path}/audit`);
  const entries = page.as(pageSchema(auditEntrySchema)).items;
  return entries.filter((entry) => entry.subject.id === runId).map((entry) => entry.action);
}

test('a run that has not begun ends at once, and whoever asked is told anew', async () => {
  const { acme } = world;
  const operator = acme.as('operator');
  const run = await starts(operator, 'queued');
  const { items } = (await operator.get(`${acme.path}/notifications`)).as(
    pageSchema(tenantNotificationSchema),
  );
  const told = items.find((each) => each.runId === run.id);
  await operator.post(`${acme.path}/notifications/read`, { ids: [told?.id] });
  const answer = await operator.post(`${run.links.self}/cancel`);
  expect(answer.as(cancelledRunSchema)).toMatchObject({ id: run.id, state: 'ended' });
  const after = (await operator.get(run.links.self)).as(runDetailSchema);
  expect(after).toMatchObject({ phase: 'ended', outcome: 'cancelled', startedAt: null });
  const page = await operator.get(`${acme.path}/notifications`);
  expect(page.as(pageSchema(tenantNotificationSchema)).items).toContainEqual(
    expect.objectContaining({ id: told?.id, state: 'ended', readAt: null, outcome: 'cancelled' }),
  );
  expect(await deedsOn(run.id)).toEqual(['run.cancelled', 'run.started']);
});

test('a run at work is told to stop, as often as one likes', async () => {
  const operator = world.acme.as('operator');
  const run = await starts(operator, 'running');
  await moveRun(world, run.id, 'running');
  for (let times = 0; times < 2; times++) {
    const answer = await operator.post(`${run.links.self}/cancel`);
    expect(answer.as(cancelledRunSchema).state).toBe('stopping');
  }
  const after = (await operator.get(run.links.self)).as(runDetailSchema);
  expect(after.phase).toBe('running');
  expect(after.cancelRequestedAt).not.toBeNull();
});

test('a run that has ended cannot be cancelled', async () => {
  const operator = world.acme.as('operator');
  const run = await starts(operator, 'over');
  await moveRun(world, run.id, 'ended');
  const answer = await operator.post(`${run.links.self}/cancel`);
  expect([answer.status, answer.code]).toEqual([409, 'run.ended']);
});

test('an operator cancels own runs only, a manager any', async () => {
  const { acme } = world;
  const run = await starts(acme.as('operator'), 'whose');
  const colleague = await acme.hasMember('operator');
  const refused = await colleague.post(`${run.links.self}/cancel`);
  expect(refused.code).toBe('capability.missing');
  expect((await acme.as('manager').post(`${run.links.self}/cancel`)).status).toBe(200);
});

test('who joined a run keeps its starter from taking it away', async () => {
  const { acme } = world;
  const run = await starts(acme.as('operator'), 'shared');
  const colleague = await acme.hasMember('operator');
  await starts(colleague, 'shared');
  for (const client of [acme.as('operator'), colleague]) {
    const refused = await client.post(`${run.links.self}/cancel`);
    expect(refused.code).toBe('capability.missing');
  }
  expect((await acme.as('manager').post(`${run.links.self}/cancel`)).status).toBe(200);
});

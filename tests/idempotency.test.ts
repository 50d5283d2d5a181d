import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemSchema } from '../src/api/problem.ts';
import { startedRunSchema } from '../src/api/runs.ts';
import { type ApiClient, type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { moveRun } from './setup/api-records.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await setupApi();
});
afterAll(() => world.close());

async function startUnder(key: string, book: string, client?: ApiClient) {
  const { acme } = world;
  const headers = { 'Idempotency-Key': key };
  const operator = client ?? acme.as('operator');
  return operator.post(`${acme.path}/runs/test.note`, { book }, headers);
}

test('the same key and body get the first answer again, though the run has ended', async () => {
  const first = await startUnder('k1', 'one');
  await moveRun(world, first.as(startedRunSchema).id, 'ended');
  const again = await startUnder('k1', 'one');
  expect(first.status).toBe(201);
  expect(again.status).toBe(201);
  expect(again.text).toBe(first.text);
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
});

test('the same key with another body is refused', async () => {
  await startUnder('k2', 'two');
  const answer = await startUnder('k2', 'other');
  expect(answer.status).toBe(422);
  expect(answer.code).toBe('idempotency.key_reused');
});

test('a body that says the same in other words is the same body', async () => {
  const { acme } = world;
  const first = await startUnder('k3', 'three');
  const headers = { 'Idempotency-Key': 'k3' };
  const input = { page: 1, book: 'three' };
  const again = await acme.as('operator').post(`${acme.path}/runs/test.note`, input, headers);
  expect(again.text).toBe(first.text);
});

test('a key is its principal’s own, and its run type’s', async () => {
  const { acme } = world;
  const first = await startUnder('k4', 'four');
  const manager = await startUnder('k4', 'other', acme.as('manager'));
  expect(manager.status).toBe(201);
  const headers = { 'Idempotency-Key': 'k4' };
  const many = await acme.as('owner').post(`${acme.path}/runs/test.many`, {}, headers);
  const note = await acme.as('owner').post(`${acme.path}/runs/test.note`, { book: 'o' }, headers);
  expect([first.status, many.status, note.status]).toEqual([201, 201, 201]);
});

test('a key is forgotten after 24 hours', async () => {
  const first = await startUnder('k5', 'five');
  await moveRun(world, first.as(startedRunSchema).id, 'ended');
  const age = "update idempotency_keys set created_at = now() - $1::interval where key = 'k5'";
  await world.asAdmin(age, ['23 hours 59 minutes']);
  expect((await startUnder('k5', 'five')).text).toBe(first.text);
  await world.asAdmin(age, ['24 hours 1 minute']);
  const later = await startUnder('k5', 'five');
  expect(later.as(startedRunSchema).id).not.toBe(first.as(startedRunSchema).id);
  expect((await startUnder('k5', 'five')).text).toBe(later.text);
});

test('rights are checked before a kept answer is given', async () => {
  const { acme } = world;
  const member = await acme.hasMember('operator');
  expect((await startUnder('k6', 'six', member)).status).toBe(201);
  const demote = 'update memberships set role = $2 where user_id = $1';
  await world.asAdmin(demote, [member.userId, 'readonly']);
  expect((await startUnder('k6', 'six', member)).code).toBe('capability.missing');
});

test('an error is not kept: the key works once its cause is gone', async () => {
  const live = (await startUnder('k7', 'seven')).as(startedRunSchema);
  const { acme } = world;
  const headers = { 'Idempotency-Key': 'k7b' };
  const input = { book: 'seven', page: 2 };
  const start = () => acme.as('operator').post(`${acme.path}/runs/test.note`, input, headers);
  expect((await start()).status).toBe(409);
  await moveRun(world, live.id, 'ended');
  expect((await start()).status).toBe(201);
});

test('racing requests under one key make one run and get one answer', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => startUnder('k8', 'eight')));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  const runs = await world.asAdmin("select id from runs where target = 'book:eight'");
  expect(runs.rows).toHaveLength(1);
  const deeds = await world.asAdmin('select action from audit_entries where subject_id = $1', [
    runs.rows[0].id,
  ]);
  expect(deeds.rows).toEqual([{ action: 'run.started' }]);
});

test('racing requests under one key with two bodies make one run', async () => {
  const books = Array.from({ length: 8 }, (_, index) => `nine-${index % 2}`);
  const answers = await Promise.all(books.map((book) => startUnder('k9', book)));
  const started = answers.filter(({ status }) => status === 201);
  const refused = answers.filter(({ status }) => status === 422);
  expect([started.length, refused.length]).toEqual([4, 4]);
  expect(new Set(started.map(({ text }) => text)).size).toBe(1);
  const runs = await world.asAdmin("select id from runs where target like 'book:nine-%'");
  expect(runs.rows).toHaveLength(1);
});

test.each(['', 'with space', 'x'.repeat(201)])('the key "%s" is not valid', async (key) => {
  const answer = await startUnder(key, 'ten');
  expect(answer.status).toBe(422);
  expect(answer.as(problemSchema)).toMatchObject({
    code: 'request.invalid',
    pointer: '/Idempotency-Key',
    errors: [{ in: 'header' }],
  });
});

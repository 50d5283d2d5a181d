import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunId, TenantId, UserId } from '../src/kernel/ids.ts';
import { cancelRunForStory } from './setup/cancel.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';
import { forget, script, scriptedRun } from './setup/scripted-run.ts';

let world: QueueWorld;
let tenant: TenantId;
let person: UserId;

beforeAll(async () => {
  world = await createQueueWorld([scriptedRun]);
});
beforeEach(async () => {
  forget();
  tenant = await world.hasTenant();
  person = await world.hasPerson(tenant);
});
afterAll(() => world.close());

const starts = (by: UserId | null) => world.starts(tenant, by, scriptedRun, { name: 'a' });

/** What each person is told of the run, oldest first. */
async function told(runId: RunId): Promise<{ user_id: UserId; state: string; isRead: boolean }[]> {
  const { rows } = await world.asAdmin(
    `select user_id, state, read_at is not null as "isRead" from notifications
      where run_id = $1 order by id`,
    [runId],
  );
  return rows;
}

async function audited(runId: RunId): Promise<[string, string, object][]> {
  const { rows } = await world.asAdmin(
    'select action, actor_kind, details from audit_entries where subject_id = $1 order by at, id',
    [runId],
  );
  return rows.map((row) => [row.action, row.actor_kind, row.details]);
}

test('who asked and who joined are told: queued, running, ended, and unread again', async () => {
  const joiner = await world.hasPerson(tenant);
  const { id } = await starts(person);
  expect(await told(id)).toEqual([{ user_id: person, state: 'queued', isRead: false }]);
  const begun = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  script.item = async () => {
    begun.resolve();
    await mayEnd.promise;
    return { outcome: 'succeeded' };
  };
  const worker = await world.worker();
  await begun.promise;
  expect(await starts(joiner)).toMatchObject({ id, wasReused: true });
  await world.asAdmin('update notifications set read_at = now() where run_id = $1', [id]);
  expect(await told(id)).toEqual([
    { user_id: person, state: 'running', isRead: true },
    { user_id: joiner, state: 'running', isRead: true },
  ]);
  mayEnd.resolve();
  await world.ended(tenant, id);
  expect(await told(id)).toEqual([
    { user_id: person, state: 'ended', isRead: false },
    { user_id: joiner, state: 'ended', isRead: false },
  ]);
  const type = 'test.scripted';
  expect(await audited(id)).toEqual([
    ['run.started', 'user', { type }],
    ['run.joined', 'user', { type }],
    ['run.ended', 'system', { type, outcome: 'succeeded' }],
  ]);
  await worker.stop();
});

test('who asks twice is told once', async () => {
  const { id } = await starts(person);
  await starts(person);
  expect(await told(id)).toHaveLength(1);
});

test('a run goes on while anybody who asked for it holds the right', async () => {
  const joiner = await world.hasPerson(tenant);
  const { id } = await starts(person);
  await starts(joiner);
  await world.asAdmin('delete from memberships where user_id = $1', [person]);
  const worker = await world.worker();
  expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'succeeded' });
  await worker.stop();
});

test('a blocked run is told and audited, and its hook does not hear of it', async () => {
  const heard: [RunId, string][] = [];
  script.ended = async (tx, outcome) => void heard.push([tx.runId, outcome]);
  const { id } = await starts(person);
  await world.asAdmin('update users set disabled_at = now() where id = $1', [person]);
  const worker = await world.worker();
  await world.ended(tenant, id);
  expect(await told(id)).toEqual([{ user_id: person, state: 'ended', isRead: false }]);
  expect((await audited(id)).at(-1)).toEqual([
    'run.ended',
    'system',
    { type: 'test.scripted', outcome: 'blocked', code: 'run.rights_missing' },
  ]);
  await worker.stop();
  // A run that an earlier story left behind may end here as well.
  expect(heard.filter(([runId]) => runId === id)).toEqual([]);
});

test('a schedule has nobody to tell, and nobody whose right could be missing', async () => {
  const { id } = await starts(null);
  const worker = await world.worker();
  expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'succeeded', lane: 'bulk' });
  expect(await told(id)).toEqual([]);
  await worker.stop();
});

test('what a cancelled run says is that it was cancelled, not what it had waited for', async () => {
  const { id } = await starts(person);
  await world.asAdmin(`update runs set code = 'run.type_unknown' where id = $1`, [id]);
  expect(await cancelRunForStory(world, tenant, id)).toBe('ended');
  expect(await world.run(tenant, id)).toMatchObject({ outcome: 'cancelled', code: null });
});

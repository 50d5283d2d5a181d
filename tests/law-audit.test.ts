import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addMember, changeMember, removeMember } from '../src/access/members.ts';
import { addUser } from '../src/access/users.ts';
import { SYSTEM_ACTOR } from '../src/audit/record-audit.ts';
import { withOwner } from '../src/db/owner-client.ts';
import type { TenantTx } from '../src/db/tenant-tx.ts';
import { systemClock } from '../src/kernel/clock.ts';
import type { UserId } from '../src/kernel/ids.ts';
import { Secret } from '../src/kernel/secret.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { cancelRun } from '../src/runs/cancel-run.ts';
import { startRun } from '../src/runs/start-run.ts';
import { addConnection, replaceConnectionCredential } from '../src/tenants/add-connection.ts';
import { addTenant } from '../src/tenants/add-tenant.ts';
import { armConnection, disarmConnection } from '../src/tenants/arm-connection.ts';
import {
  removeWriteRegistration,
  setWriteRegistration,
} from '../src/tenants/set-write-registration.ts';
import { type TenantVerbs, TenantWorld } from './setup/tenant-fixture.ts';
import { createTestDatabase } from './setup/test-server.ts';

/**
 * Law 9: a deed and its audit entry are one transaction. Shown from both sides: a deed that is
 * rolled back leaves no entry, and a deed whose entry is refused has not happened.
 */
let world: TenantWorld;
let acme: TenantVerbs;
let bob: UserId;

beforeAll(async () => {
  world = new TenantWorld(await createTestDatabase());
  await world.asAdmin(`create function refuse_entry() returns trigger language plpgsql as
    $$ begin raise exception 'no room for an entry'; end $$`);
});
beforeEach(async () => {
  acme = await world.hasTenant(`Acme ${crypto.randomUUID()}`);
  bob = await hasUser();
  await acme.inTenant((tx) => addMember(tx, SYSTEM_ACTOR, { userId: bob, role: 'owner' }));
});
afterAll(() => world.close());

const hasUser = () =>
  withOwner(world.database.ownerUrl, (owner) =>
    addUser(owner, { name: crypto.randomUUID(), isAdmin: false }),
  );
const secret = new Secret({ kind: 'secret', secret: 'another' } as const);
const deps = () => ({ key: world.key, clock: systemClock });
const start = (tx: TenantTx) => {
  const initiator = { kind: 'user', id: bob, userId: bob, label: 'Bob' } as const;
  return startRun(tx, syncPolicies, {}, initiator);
};

const registers = (tx: TenantTx) =>
  setWriteRegistration(tx, deps(), { clientId: acme.id }, secret, SYSTEM_ACTOR);
const arms = (tx: TenantTx) =>
  armConnection(tx, SYSTEM_ACTOR, acme.connectionId, { hours: 1, reason: 'a story' });

interface Deed {
  readonly action: string;
  /** What must be there before. */
  before?(): Promise<unknown>;
  perform(tx: TenantTx): Promise<unknown>;
}

const DEEDS: readonly Deed[] = [
  { action: 'run.started', perform: start },
  { action: 'run.joined', before: () => acme.inTenant(start), perform: start },
  {
    action: 'run.cancelled',
    before: () => acme.inTenant(start),
    perform: async (tx) => cancelRun(tx, (await start(tx)).id, SYSTEM_ACTOR),
  },
  {
    action: 'member.added',
    perform: async (tx) =>
      addMember(tx, SYSTEM_ACTOR, { userId: await hasUser(), role: 'operator' }),
  },
  {
    action: 'member.changed',
    perform: (tx) => changeMember(tx, SYSTEM_ACTOR, { userId: bob, role: 'readonly' }),
  },
  { action: 'member.removed', perform: (tx) => removeMember(tx, SYSTEM_ACTOR, bob) },
  {
    action: 'connection.added',
    before: () => world.asAdmin('delete from connections where tenant_id = $1', [acme.id]),
    perform: (tx) => {
      const open = { cloud: 'global', entraTenantId: acme.id, clientId: acme.id } as const;
      return addConnection(tx, deps(), open, secret, SYSTEM_ACTOR);
    },
  },
  {
    action: 'connection.credential_replaced',
    perform: (tx) =>
      replaceConnectionCredential(tx, deps(), acme.connectionId, secret, SYSTEM_ACTOR),
  },
  { action: 'connection.write_registration_set', perform: registers },
  {
    action: 'connection.write_registration_removed',
    before: () => acme.inTenant(registers),
    perform: (tx) => removeWriteRegistration(tx, SYSTEM_ACTOR),
  },
  { action: 'connection.armed', before: () => acme.inTenant(registers), perform: arms },
  {
    action: 'connection.disarmed',
    before: async () => {
      await acme.inTenant(registers);
      await acme.inTenant(arms);
    },
    perform: (tx) => disarmConnection(tx, SYSTEM_ACTOR, acme.connectionId, { reason: 'a story' }),
  },
];

test.each(DEEDS)('$action is written once, with the deed', async ({ action, before, perform }) => {
  await before?.();
  const earlier = await entries(action);
  await acme.inTenant(perform);
  expect(await entries(action)).toBe(earlier + 1);
});

test.each(DEEDS)('$action that is rolled back leaves no entry', async ({ before, perform }) => {
  await before?.();
  const earlier = await world.asAdmin('select count(*) from audit_entries');
  const undone = acme.inTenant(async (tx) => {
    await perform(tx);
    throw new Error('changed my mind');
  });
  await expect(undone).rejects.toThrow('changed my mind');
  expect((await world.asAdmin('select count(*) from audit_entries')).rows).toEqual(earlier.rows);
});

test.each(DEEDS)('$action whose entry is refused has not happened', async (deed) => {
  await deed.before?.();
  const earlier = await state();
  await refusing(deed.action, () => expect(acme.inTenant(deed.perform)).rejects.toThrow());
  expect(await state()).toEqual(earlier);
});

test('a tenant whose entry is refused has not been added', async () => {
  const add = () =>
    addTenant(world.db, world.key, { name: 'Initech', ownerId: acme.ownerId }, SYSTEM_ACTOR);
  await refusing('tenant.added', () => expect(add()).rejects.toThrow());
  const found = await world.asAdmin(`select 1 from tenants where name = 'Initech'`);
  expect(found.rowCount).toBe(0);
  await add();
});

test('a run whose end cannot be written down has not ended, and ends when it can', async () => {
  let runId = await acme.starts(syncPolicies, {});
  await refusing('run.ended', async () => {
    const listed = Promise.withResolvers<void>();
    acme.graph.beforeList = () => listed.resolve();
    await world.startWorker();
    await listed.promise;
    await world.failed('no room for an entry');
    expect((await acme.run(runId)).phase).not.toBe('ended');
    expect(await entries('run.ended')).toBe(0);
  });
  await acme.ended(runId);
  expect(await entries('run.ended')).toBe(1);
  runId = await acme.starts(syncPolicies, {});
  expect(await acme.ended(runId)).toMatchObject({ outcome: 'succeeded' });
  world.failures.length = 0;
});

async function entries(action: string): Promise<number> {
  const { rows } = await world.asAdmin(
    'select count(*)::integer as found from audit_entries where tenant_id = $1 and action = $2',
    [acme.id, action],
  );
  return rows[0].found;
}

/** Everything that a deed could leave behind in the tenant. */
async function state(): Promise<unknown[]> {
  const tables = [
    'runs',
    'run_requesters',
    'notifications',
    'memberships',
    'connections',
    'lanes',
  ].concat('write_registrations');
  const texts = tables.map(async (table) => {
    const { rows } = await world.asAdmin(
      `select t::text from ${table} t where tenant_id = $1 order by 1`,
      [acme.id],
    );
    return rows;
  });
  const jobs = await world.asAdmin('select count(*) from graphile_worker._private_jobs');
  return [...(await Promise.all(texts)), jobs.rows];
}

/** While this goes on, no entry of the action can be written. */
async function refusing(action: string, work: () => Promise<void>): Promise<void> {
  await world.asAdmin(`create trigger refuse_for_a_story before insert on audit_entries for each row
    when (new.action = '${action}') execute function refuse_entry()`);
  try {
    await work();
  } finally {
    await world.asAdmin('drop trigger refuse_for_a_story on audit_entries');
  }
}

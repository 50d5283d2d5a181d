import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTenant } from '../src/db/tenant-tx.ts';
import { disarmConnection } from '../src/tenants/arm-connection.ts';
import { removeWriteRegistration } from '../src/tenants/set-write-registration.ts';
import { requireWriteGate } from '../src/tenants/write-gate.ts';
import type { BackupWorld } from './setup/backup-world.ts';
import { ADA, WriteRights } from './setup/write-rights.ts';

const TOKEN_PATH = '/oauth2/v2.0/token';
const NEVER = new AbortController().signal;

let rights: WriteRights;
let world: BackupWorld;

beforeAll(async () => {
  rights = await WriteRights.open();
  world = rights.world;
});
beforeEach(async () => {
  await rights.registers();
  await world.simulator.clearLog();
});
afterEach(() => world.simulator.clearFaults());
afterAll(() => rights.close());

const gate = () => rights.inAcme(requireWriteGate);

describe('the gate', () => {
  test('opens when both are verified and writing is armed, and says what is missing', async () => {
    const refuses = (code: string) => expect(gate()).rejects.toMatchObject({ code });
    await refuses('connection.write_not_verified');
    await world.verifies(rights.acme);
    await refuses('connection.not_armed');
    await world.armsWriting(rights.acme);
    await gate();

    const day = `clock_timestamp() - interval '24 hours'`;
    await world.asAdmin(`update write_registrations set verified_at = ${day}`);
    await refuses('connection.write_not_verified');
    await world.asAdmin(`update connections set verified_at = ${day}`);
    await refuses('connection.not_verified');
    await world.verifies(rights.acme);
    await gate();
    await rights.inAcme((tx) =>
      disarmConnection(tx, ADA, rights.acme.connectionId, { reason: 'over' }),
    );
    await refuses('connection.not_armed');
    await rights.inAcme((tx) => removeWriteRegistration(tx, ADA));
    await refuses('connection.write_registration_missing');
    const nowhere = await world.hasTenant();
    await expect(inTenant(world.db, nowhere, requireWriteGate)).rejects.toMatchObject({
      code: 'connection.missing',
    });
  });
});

describe('connection.verify', () => {
  const itemOf = async (runId: Parameters<BackupWorld['items']>[1]) =>
    (await world.items(rights.acme.id, runId)).find(
      (item) => item.subject_kind === 'write_registration',
    );

  test('signs in as what may write, and remembers what it is granted', async () => {
    const roles = ['DeviceManagementConfiguration.ReadWrite.All'];
    await world.simulator.befall({ fault: { kind: 'roles', roles, app: 'write' } });
    const run = await world.verifies(rights.acme);
    expect(run.outcome).toBe('succeeded');
    expect(await itemOf(run.id)).toMatchObject({ outcome: 'succeeded' });
    expect(await rights.registration()).toMatchObject({ granted: roles, isArmed: false });
    expect(await rights.calls()).not.toContain('GET by what writes');

    // Granted since: the token that is still good does not hide it.
    await world.simulator.clearFaults();
    await world.verifies(rights.acme);
    expect((await rights.registration())?.granted?.length).toBeGreaterThan(1);
  });

  test('fails that item alone when its secret is wrong, with what Entra said', async () => {
    await rights.registers('not-the-secret');
    const run = await world.verifies(rights.acme);
    expect(run.outcome).toBe('partial');
    expect(await itemOf(run.id)).toMatchObject({
      outcome: 'failed',
      code: 'graph.sign_in_failed',
      details: { graphCode: 'AADSTS7000215' },
    });
    expect(await rights.registration()).toMatchObject({ granted: null });
  });

  test.each([
    ['cut', 0, { kind: 'reset' }],
    ['lost', 0, { kind: 'executedThenReset' }],
    ['answered with an error', 503, { kind: 'status', status: 503 }],
  ])('signs in again when its sign-in was %s', async (_what, status, fault) => {
    await world.verifies(rights.acme);
    await world.simulator.clearLog();
    await world.simulator.befall({ match: { path: TOKEN_PATH }, fault });
    const run = await world.verifies(rights.acme);
    expect(run.outcome).toBe('succeeded');
    expect(await rights.signIns()).toEqual([`what writes ${status}`, 'what writes 200']);
    expect(await rights.registration()).toMatchObject({ granted: expect.any(Array) });
  });

  test('waits for Entra when that asks to', async () => {
    const fault = { kind: 'throttle', retryAfter: 1 };
    await world.simulator.befall({ match: { path: TOKEN_PATH }, fault });
    await expect((await rights.opensReader()).grantedToWrite(NEVER)).rejects.toMatchObject({
      code: 'graph.throttled',
      details: { retryAfterSeconds: 30 },
    });
  });

  test('has no such item in a tenant without one', async () => {
    await rights.inAcme((tx) => removeWriteRegistration(tx, ADA));
    const run = await world.verifies(rights.acme);
    expect(run.outcome).toBe('succeeded');
    expect(await itemOf(run.id)).toBeUndefined();
  });
});

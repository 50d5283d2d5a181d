import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WriteStep } from '../src/graph/writing/write-step.ts';
import { disarmConnection } from '../src/tenants/arm-connection.ts';
import { openWriteCredential } from '../src/tenants/open-credentials.ts';
import { removeWriteRegistration } from '../src/tenants/set-write-registration.ts';
import { requireWriteGate } from '../src/tenants/write-gate.ts';
import type { BackupWorld } from './setup/backup-world.ts';
import { performStep } from './setup/perform-steps.ts';
import { ADA, WriteRights } from './setup/write-rights.ts';

const NEVER = new AbortController().signal;
const CREATE_FILTER: WriteStep = {
  name: 'create',
  method: 'POST',
  path: '/deviceManagement/assignmentFilters',
  body: {
    displayName: 'Written by a story',
    platform: 'windows10AndLater',
    rule: '(device.deviceName -eq "x")',
    assignmentFilterManagementType: 'devices',
  },
  isCreate: true,
};

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

/** What was written in the audit, oldest first. */
async function deeds(): Promise<string[]> {
  const rows = await rights.inAcme((tx) =>
    tx.db.selectFrom('audit_entries').select(['action', 'details']).orderBy('id').execute(),
  );
  return rows.map(({ action, details }) => `${action} ${JSON.stringify(details)}`);
}

describe('the writer', () => {
  test('is refused before it is armed, and signs in to nothing', async () => {
    await expect(rights.opensWriter()).rejects.toMatchObject({ code: 'connection.not_armed' });
    expect(await world.simulator.log(rights.acme.entra.id)).toEqual([]);
  });

  test('is refused when the hours are over, by the clock of the database', async () => {
    await world.armsWriting(rights.acme, 24);
    await expect(rights.opensWriter()).resolves.toMatchObject({ canWrite: true });
    await world.asAdmin(
      `update write_registrations set armed_until = now() - interval '1 millisecond'
       where armed_until is not null`,
    );
    await expect(rights.opensWriter()).rejects.toMatchObject({ code: 'connection.not_armed' });
  });

  test('signs in as the second application for all it does, and a reader never', async () => {
    await world.armsWriting(rights.acme);
    const [writer, reader] = [await rights.opensWriter(), await rights.opensReader()];
    await reader.probe('assignmentFilter', NEVER);
    await writer.probe('assignmentFilter', NEVER);
    expect((await performStep(writer, CREATE_FILTER)).kind).toBe('applied');
    await reader.probe('assignmentFilter', NEVER);
    expect(await rights.calls()).toEqual([
      'GET by what reads',
      'GET by what writes',
      'POST by what writes',
      'GET by what reads',
    ]);
    expect(await rights.signIns()).toEqual(['what reads 200', 'what writes 200']);
    expect(writer.connection).toMatchObject({ connectionId: rights.acme.connectionId, version: 1 });
  });

  test('of another credential does not use the token of the earlier one', async () => {
    await world.armsWriting(rights.acme);
    await (await rights.opensWriter()).probe('assignmentFilter', NEVER);
    await rights.inAcme((tx) => removeWriteRegistration(tx, ADA));
    // Version 1 again, and not its secret: a token that was kept would still be let in.
    await rights.registers('not-the-secret');
    await world.armsWriting(rights.acme);
    await expect(
      (await rights.opensWriter()).probe('assignmentFilter', NEVER),
    ).rejects.toMatchObject({
      code: 'graph.sign_in_failed',
    });
  });

  test('that was opened before its credential was replaced never gets the next one', async () => {
    await world.armsWriting(rights.acme);
    const writer = await rights.opensWriter();
    await rights.registers();
    await expect(writer.probe('assignmentFilter', NEVER)).rejects.toMatchObject({
      code: 'connection.write_registration_missing',
    });
  });
});

describe('the registration', () => {
  test('is sealed in its own row, and opens nowhere else', async () => {
    const { id } = (await rights.registration()) ?? { id: undefined };
    if (id === undefined) throw new Error('there is one');
    const open = () => openWriteCredential(world.db, rights.deps.key, rights.acme.id, id);
    const secret = rights.acme.entra.writeClientSecret;
    expect((await open()).reveal()).toEqual({ kind: 'secret', secret });
    const { rows } = await world.asAdmin('select t::text as line from write_registrations t');
    for (const way of ['utf8', 'hex', 'base64'] as const) {
      expect(JSON.stringify(rows)).not.toContain(Buffer.from(secret).toString(way).slice(0, 12));
    }
    await world.asAdmin(
      `update write_registrations w set sealed_credential = c.sealed_credential
       from connections c where c.tenant_id = w.tenant_id`,
    );
    await expect(open()).rejects.toMatchObject({ code: 'sealed.refused' });
  });

  test('is not the application that reads: rights to write would be standing', async () => {
    const reading = rights.acme.entra.clientId.toUpperCase();
    await expect(rights.registers('a-secret', reading)).rejects.toMatchObject({
      code: 'connection.write_registration_reads',
    });
  });

  test('that is replaced is neither armed nor verified, and may do nothing known', async () => {
    await world.armsWriting(rights.acme);
    await world.verifies(rights.acme);
    const before = await rights.registration();
    expect(before).toMatchObject({ isArmed: true, granted: expect.any(Array) });
    await rights.registers();
    const after = await rights.registration();
    expect(after).toMatchObject({ isArmed: false, armedUntil: null, granted: null });
    expect(after?.version).toBe(Number(before?.version) + 1);
    await expect(rights.inAcme(requireWriteGate)).rejects.toMatchObject({
      code: 'connection.write_not_verified',
    });
  });

  test('leaves with its connection', async () => {
    const globex = world.tenants[1]?.id;
    await world.asAdmin('delete from connections where tenant_id = $1', [globex]);
    const { rows } = await world.asAdmin(
      'select id from write_registrations where tenant_id = $1',
      [globex],
    );
    expect(rows).toEqual([]);
  });

  test('is written in the audit with each deed, and the reason of arming', async () => {
    const before = (await deeds()).length;
    await rights.registers();
    await world.armsWriting(rights.acme, 3);
    const why = { reason: 'done for today' };
    await rights.inAcme((tx) => disarmConnection(tx, ADA, rights.acme.connectionId, why));
    // Nothing is armed any more, so this is no deed.
    await rights.inAcme((tx) => disarmConnection(tx, ADA, rights.acme.connectionId, why));
    await rights.inAcme((tx) => removeWriteRegistration(tx, ADA));
    const said = (await deeds()).slice(before);
    expect(said.map((deed) => deed.split(' ')[0])).toEqual([
      'connection.write_registration_set',
      'connection.armed',
      'connection.disarmed',
      'connection.write_registration_removed',
    ]);
    expect(said[1]).toContain('"hours":3,"reason":"a story"');
    expect(said[2]).toContain('done for today');
    expect(said.join()).not.toContain(rights.acme.entra.writeClientSecret);
  });
});

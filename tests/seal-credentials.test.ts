import { afterEach, beforeEach, expect, test } from 'vitest';
import { SYSTEM_ACTOR } from '../src/audit/record-audit.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { Secret } from '../src/kernel/secret.ts';
import { addConnection, replaceConnectionCredential } from '../src/tenants/add-connection.ts';
import { addTenant } from '../src/tenants/add-tenant.ts';
import { requireConnection } from '../src/tenants/find-connection.ts';
import { openCredential } from '../src/tenants/open-credentials.ts';
import { makeCertificate } from './setup/make-certificate.ts';
import { type TenantVerbs, TenantWorld } from './setup/tenant-fixture.ts';
import { createTestDatabase } from './setup/test-server.ts';

let world: TenantWorld;
let acme: TenantVerbs;
let globex: TenantVerbs;

beforeEach(async () => {
  world = new TenantWorld(await createTestDatabase());
  acme = await world.hasTenant('Acme');
  globex = await world.hasTenant('Globex');
});
afterEach(() => world.close());

const open = (tenant: TenantVerbs, key = world.key) =>
  openCredential(world.db, key, tenant.id, tenant.connectionId);
const REFUSED = { code: 'sealed.refused' };

test('a credential opens in its own connection', async () => {
  const opened = await open(acme);
  expect(opened.reveal()).toEqual({ kind: 'secret', secret: `secret-of-${acme.id}` });
  expect(`${opened}`).toBe('[secret]');
});

test('swapped ciphertext is refused: between tenants', async () => {
  await world.asAdmin(
    `update connections c set sealed_credential = o.sealed_credential
     from connections o where o.tenant_id <> c.tenant_id`,
  );
  await expect(open(acme)).rejects.toMatchObject(REFUSED);
  await expect(open(globex)).rejects.toMatchObject(REFUSED);
});

test('swapped ciphertext is refused: a data key under another tenant', async () => {
  await world.asAdmin(
    `update tenant_keys k set wrapped = (select wrapped from tenant_keys where tenant_id = $1)
     where tenant_id = $2`,
    [acme.id, globex.id],
  );
  await expect(open(globex)).rejects.toMatchObject(REFUSED);
});

test('swapped ciphertext is refused: between rows of one tenant', async () => {
  await world.asAdmin('update connections set id = gen_random_uuid() where tenant_id = $1', [
    acme.id,
  ]);
  const { id } = await acme.inTenant(requireConnection);
  await expect(openCredential(world.db, world.key, acme.id, id)).rejects.toMatchObject(REFUSED);
});

test('swapped ciphertext is refused: between columns, and between kinds', async () => {
  const wrapped = await world.asAdmin('select wrapped from tenant_keys where tenant_id = $1', [
    acme.id,
  ]);
  await world.asAdmin(
    `update connections set credential_kind = 'certificate' where tenant_id = $1`,
    [acme.id],
  );
  await expect(open(acme)).rejects.toMatchObject(REFUSED);
  await world.asAdmin(
    `update connections set credential_kind = 'secret', sealed_credential = $2
     where tenant_id = $1`,
    [acme.id, wrapped.rows[0]?.wrapped],
  );
  await expect(open(acme)).rejects.toMatchObject(REFUSED);
});

test('altered ciphertext is refused, and so is another key file', async () => {
  await expect(open(acme, new Secret(Buffer.alloc(32, 8)))).rejects.toMatchObject(REFUSED);
  await world.asAdmin(
    `update connections set sealed_credential = set_bit(sealed_credential, 300,
       1 - get_bit(sealed_credential, 300))`,
  );
  await expect(open(acme)).rejects.toMatchObject(REFUSED);
});

test('no credential lies open anywhere in the database', async () => {
  const { rows: tables } = await world.asAdmin(
    `select format('select t::text as line from %I.%I t', schemaname, tablename) as everything
     from pg_tables where schemaname in ('public', 'graphile_worker')`,
  );
  const lines: string[] = [];
  for (const { everything } of tables) {
    lines.push(...(await world.asAdmin(everything)).rows.map((row) => row.line));
  }
  const dump = lines.join('\n');
  expect(dump).toContain(acme.connectionId);
  for (const way of ['utf8', 'hex', 'base64'] as const) {
    expect(dump).not.toContain(Buffer.from('secret-of-').toString(way).slice(0, 12));
  }
});

test('a tenant has one connection, and its credential can be replaced', async () => {
  const deps = { key: world.key, clock: systemClock };
  const secret = new Secret({ kind: 'secret', secret: 'another' } as const);
  const open2 = { cloud: 'china', entraTenantId: acme.id, clientId: acme.id } as const;
  await expect(
    acme.inTenant((tx) => addConnection(tx, deps, open2, secret, SYSTEM_ACTOR)),
  ).rejects.toMatchObject({ code: 'connection.exists' });

  const made = { kind: 'certificate', ...makeCertificate(new Date('2126-01-01')) } as const;
  const version = await acme.inTenant((tx) =>
    replaceConnectionCredential(tx, deps, acme.connectionId, new Secret(made), SYSTEM_ACTOR),
  );
  expect(version).toBe(2);
  expect((await acme.inTenant(requireConnection)).version).toBe(2);
  expect((await open(acme)).reveal()).toMatchObject({ kind: 'certificate' });

  await expect(
    acme.inTenant((tx) =>
      replaceConnectionCredential(tx, deps, globex.connectionId, secret, SYSTEM_ACTOR),
    ),
  ).rejects.toMatchObject({ code: 'forbidden' });
});

test('a tenant is added with its owner and its audit entry, and its name is its own', async () => {
  const { rows } = await world.asAdmin(
    `select m.user_id, m.role, a.action from memberships m
       join audit_entries a on a.tenant_id = m.tenant_id where m.tenant_id = $1 order by a.id`,
    [acme.id],
  );
  expect(rows).toEqual([
    { user_id: acme.ownerId, role: 'owner', action: 'tenant.added' },
    { user_id: acme.ownerId, role: 'owner', action: 'connection.added' },
  ]);
  const again = addTenant(
    world.db,
    world.key,
    { name: 'Acme', ownerId: acme.ownerId },
    SYSTEM_ACTOR,
  );
  await expect(again).rejects.toMatchObject({ code: 'tenant.name_taken' });
});

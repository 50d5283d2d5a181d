import { afterEach, beforeEach, expect, test } from 'vitest';
import { SYSTEM_ACTOR } from '../src/audit/record-audit.ts';
import { POLICY_TYPES } from '../src/graph/contracts/list.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { AppError } from '../src/kernel/errors.ts';
import { Secret } from '../src/kernel/secret.ts';
import { replaceConnectionCredential } from '../src/tenants/add-connection.ts';
import { requireConnection } from '../src/tenants/find-connection.ts';
import { findWriteRegistration } from '../src/tenants/find-write-registration.ts';
import { setWriteRegistration } from '../src/tenants/set-write-registration.ts';
import { verifyConnection } from '../src/tenants/verify-connection.ts';
import { setupTenants, type TenantVerbs, type TenantWorld } from './setup/tenant-fixture.ts';

let world: TenantWorld;
let acme: TenantVerbs;

beforeEach(async () => {
  ({ world, acme } = await setupTenants());
});
afterEach(() => world.close());

const verify = () => acme.runs(verifyConnection, { connectionId: acme.connectionId });
const verifiedAt = async () => (await acme.inTenant(requireConnection)).verifiedAt;

async function coverage(): Promise<Record<string, string>> {
  const rows = await acme.inTenant((tx) =>
    tx.db.selectFrom('coverage').select(['policy_type', 'state']).execute(),
  );
  return Object.fromEntries(rows.map((row) => [row.policy_type, row.state]));
}

test('a connection that may read everything is verified and covers every type', async () => {
  const run = await verify();
  expect(run).toMatchObject({ outcome: 'succeeded', items_succeeded: POLICY_TYPES.length });
  expect(run.connection_id).toBe(acme.connectionId);
  expect(new Set(Object.values(await coverage()))).toEqual(new Set(['covered']));
  expect(await verifiedAt()).not.toBeNull();
});

test('each type tells what it lacks, and the sign-in is verified all the same', async () => {
  acme.graph.beforeProbe = (type) => {
    if (type === 'namedLocation') throw new AppError('graph.permission_missing');
    if (type === 'conditionalAccessPolicy') throw new AppError('graph.not_licensed');
    if (type === 'roleScopeTag') throw new AppError('graph.refused');
  };
  const run = await verify();
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 2, items_skipped: 1 });
  expect(await coverage()).toMatchObject({
    namedLocation: 'not_permitted',
    conditionalAccessPolicy: 'not_licensed',
    roleScopeTag: 'refused',
    configurationPolicy: 'covered',
  });
  expect(await verifiedAt()).not.toBeNull();
});

test('a connection that cannot sign in is not verified, and says nothing about types', async () => {
  acme.graph.beforeProbe = () => {
    throw new AppError('graph.sign_in_failed');
  };
  const run = await verify();
  expect(run.outcome).toBe('failed');
  expect(await coverage()).toEqual({});
  expect(await verifiedAt()).toBeNull();
});

test.each([
  ['before the first probe', 'open'],
  ['before the last probe', POLICY_TYPES.at(-1)],
])('a credential that was replaced %s is not verified by the old one', async (_when, moment) => {
  const credential = new Secret({ kind: 'secret', secret: 'new' } as const);
  const deps = { key: world.key, clock: systemClock };
  let isReplaced = false;
  const replaceAt = async (now: string) => {
    if (now !== moment || isReplaced) return;
    isReplaced = true;
    await acme.inTenant((tx) =>
      replaceConnectionCredential(tx, deps, acme.connectionId, credential, SYSTEM_ACTOR),
    );
  };
  acme.graph.afterOpen = () => replaceAt('open');
  acme.graph.beforeProbe = replaceAt;
  expect((await verify()).outcome).toBe('succeeded');
  expect(isReplaced).toBe(true);
  expect(await verifiedAt()).toBeNull();

  expect((await verify()).outcome).toBe('succeeded');
  expect(await verifiedAt()).not.toBeNull();
});

test('what may write is not verified by a credential that was replaced meanwhile', async () => {
  const deps = { key: world.key, clock: systemClock };
  const registers = (secret: string) =>
    acme.inTenant((tx) => {
      const credential = new Secret({ kind: 'secret', secret } as const);
      return setWriteRegistration(tx, deps, { clientId: acme.id }, credential, SYSTEM_ACTOR);
    });
  await registers('old');
  let isReplaced = false;
  acme.graph.grantedToWrite = ['Policy.Read.All'];
  acme.graph.beforeWriteSignIn = async () => {
    if (isReplaced) return;
    isReplaced = true;
    await registers('new');
  };
  const granted = async () => (await acme.inTenant(findWriteRegistration))?.granted;
  expect((await verify()).outcome).toBe('succeeded');
  expect(isReplaced).toBe(true);
  expect(await granted()).toBeNull();

  expect((await verify()).outcome).toBe('succeeded');
  expect(await granted()).toEqual(['Policy.Read.All']);
});

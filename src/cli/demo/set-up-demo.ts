import { randomBytes } from 'node:crypto';
import { makeLink } from '../../access/one-time-links.ts';
import { hashPassword } from '../../access/password.ts';
import { createToken } from '../../access/tokens.ts';
import { addUser } from '../../access/users.ts';
import type { App } from '../../app/create-app.ts';
import { withOwner } from '../../db/owner-client.ts';
import { inTenant } from '../../db/tenant-tx.ts';
import type { GraphCredential } from '../../graph/sign-in/credential.ts';
import { allCapabilities } from '../../kernel/capabilities.ts';
import { DAY, SECOND } from '../../kernel/durations.ts';
import type { ConnectionId, TenantId, UserId } from '../../kernel/ids.ts';
import { Secret } from '../../kernel/secret.ts';
import { addConnection } from '../../tenants/add-connection.ts';
import { addTenant } from '../../tenants/add-tenant.ts';
import { type KeyEncryptionKey, readOrMakeKeyFile } from '../../tenants/key-file.ts';
import { setWriteRegistration } from '../../tenants/set-write-registration.ts';
import type { SimulatedTenant } from './demo-simulator.ts';

export interface DemoTenant {
  readonly id: TenantId;
  readonly name: string;
  readonly connectionId: ConnectionId;
  /** What Microsoft would know it by. */
  readonly entraTenantId: string;
}

export interface DemoSetup {
  readonly tenants: readonly DemoTenant[];
  readonly token: Secret<string>;
  /** Signs in to the demo, once. */
  readonly signInToken: Secret<string>;
  /** Asked for again before something is written to a tenant. */
  readonly password: Secret<string>;
}

const USER_NAME = 'Demo';

/**
 * What an administrator does once: a user, tenants that it owns, connections, what may write with
 * them once somebody arms it, a token.
 */
export async function setUpDemo(
  app: App,
  simulated: readonly SimulatedTenant[],
): Promise<DemoSetup> {
  const key = await readOrMakeKeyFile(app.config.keyFile);
  return withOwner(app.database.ownerUrl, async (owner) => {
    const userId = await addUser(owner, { name: USER_NAME, isAdmin: true });
    const tenants: DemoTenant[] = [];
    for (const tenant of simulated) tenants.push(await addDemoTenant(app, key, userId, tenant));
    const { text } = await createToken(owner, {
      userId,
      name: 'demo',
      scopes: allCapabilities(),
      tenantIds: null,
      expiresAt: new Date(app.clock.now().getTime() + DAY),
    });
    const password = randomBytes(9).toString('base64url');
    const { salt, hash } = await hashPassword(password);
    await owner.query('select set_password($1, $2, $3, null)', [userId, salt, hash]);
    const wanted = { purpose: 'demo', userId, lifeSeconds: DAY / SECOND } as const;
    const signInToken = await makeLink(owner, wanted);
    return { tenants, token: text, signInToken, password: new Secret(password) };
  });
}

async function addDemoTenant(
  app: App,
  key: KeyEncryptionKey,
  userId: UserId,
  simulated: SimulatedTenant,
): Promise<DemoTenant> {
  const { db, clock } = app;
  const { name, clientId, id: entraTenantId } = simulated;
  const actor = { kind: 'user' as const, id: userId, label: USER_NAME };
  const id = await addTenant(db, key, { name, ownerId: userId }, actor);
  const deps = { key, clock };
  const connectionId = await inTenant(db, id, async (tx) => {
    const connection = { cloud: 'global' as const, entraTenantId, clientId };
    const reading = asSecret(simulated.clientSecret);
    const added = await addConnection(tx, deps, connection, reading, actor);
    const registration = { clientId: simulated.writeClientId };
    const writing = asSecret(simulated.writeClientSecret);
    await setWriteRegistration(tx, deps, registration, writing, actor);
    return added;
  });
  return { id, name, connectionId, entraTenantId };
}

function asSecret(secret: string): Secret<GraphCredential> {
  return new Secret({ kind: 'secret', secret });
}

import pg from 'pg';
import { createToken } from '../src/access/tokens.ts';
import { addUser } from '../src/access/users.ts';
import { Db } from '../src/db/db.ts';
import { withOwner } from '../src/db/owner-client.ts';
import { inTenant } from '../src/db/tenant-tx.ts';
import { allCapabilities } from '../src/kernel/capabilities.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { DAY } from '../src/kernel/durations.ts';
import {
  newId,
  type PolicyId,
  policyIdSchema,
  type TenantId,
  type UserId,
} from '../src/kernel/ids.ts';
import { Secret } from '../src/kernel/secret.ts';
import { addConnection } from '../src/tenants/add-connection.ts';
import { addTenant } from '../src/tenants/add-tenant.ts';
import { type KeyEncryptionKey, readOrMakeKeyFile } from '../src/tenants/key-file.ts';
import { setWriteRegistration } from '../src/tenants/set-write-registration.ts';
import {
  type SimulatedTenant,
  type SimulatorProcess,
  type SimulatorProcessOptions,
  startSimulatorProcess,
} from '../tests/setup/simulator.ts';
import { type BenchPlace, openPlace } from './place.ts';
import { type Limits, type Program, startServerProgram, startWorkerProgram } from './programs.ts';

/** A database, a server process, and whoever a measurement needs besides. */
export interface BenchWorld {
  readonly place: BenchPlace;
  readonly url: string;
  readonly token: Secret<string>;
  /** Past every wall, for looking at what was measured. */
  readonly admin: pg.Client;
  startSimulator(options: SimulatorProcessOptions): Promise<SimulatorProcess>;
  startWorker(simulator: SimulatorProcess, limits: Limits): Promise<Program>;
  /** A tenant of the product that is connected to one of a simulator, for writing too. */
  addTenant(name: string, entra: SimulatedTenant): Promise<TenantId>;
  /** Ends everything in the reverse order of its start. */
  close(): Promise<void>;
}

const OWNER_NAME = 'Bench';

export async function openWorld(): Promise<BenchWorld> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  const keep = <T extends { close(): Promise<unknown> }>(thing: T): T => {
    closers.push(() => thing.close());
    return thing;
  };
  try {
    const place = keep(await openPlace());
    const admin = new pg.Client({ connectionString: place.adminUrl.reveal() });
    await admin.connect();
    closers.push(() => admin.end());
    const db = keep(new Db(place.loginUrl, { connectionsMax: 2, onError: () => {} }));
    const key = await readOrMakeKeyFile(place.keyFile);
    const { userId, token } = await addOwner(place);
    const { url } = keep(await startServerProgram(place));
    return {
      place,
      url,
      token,
      admin,
      startSimulator: async (options) => keep(await startSimulatorProcess(options)),
      startWorker: async ({ url: graphUrl }, limits) =>
        keep(await startWorkerProgram(place, { url: graphUrl, limits })),
      addTenant: (name, entra) => addConnectedTenant({ db, key, userId }, name, entra),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function addOwner(place: BenchPlace): Promise<{ userId: UserId; token: Secret<string> }> {
  return withOwner(place.ownerUrl, async (owner) => {
    const userId = await addUser(owner, { name: OWNER_NAME, isAdmin: true });
    const { text } = await createToken(owner, {
      userId,
      name: 'bench',
      scopes: allCapabilities(),
      tenantIds: null,
      expiresAt: new Date(systemClock.now().getTime() + DAY),
    });
    return { userId, token: text };
  });
}

async function addConnectedTenant(
  by: { readonly db: Db; readonly key: KeyEncryptionKey; readonly userId: UserId },
  name: string,
  entra: SimulatedTenant,
): Promise<TenantId> {
  const { db, key, userId } = by;
  const actor = { kind: 'user' as const, id: userId, label: OWNER_NAME };
  const id = await addTenant(db, key, { name, ownerId: userId }, actor);
  const { clientId, clientSecret, id: entraTenantId, writeClientId, writeClientSecret } = entra;
  const deps = { key, clock: systemClock };
  await inTenant(db, id, async (tx) => {
    const connection = { cloud: 'global' as const, entraTenantId, clientId };
    const reading = new Secret({ kind: 'secret' as const, secret: clientSecret });
    await addConnection(tx, deps, connection, reading, actor);
    const writing = new Secret({ kind: 'secret' as const, secret: writeClientSecret });
    await setWriteRegistration(tx, deps, { clientId: writeClientId }, writing, actor);
  });
  return id;
}

/** Puts policies that the simulator holds into a tenant's inventory, as a sync would. */
export async function knowPolicies(
  world: BenchWorld,
  tenantId: TenantId,
  graphIds: readonly string[],
): Promise<PolicyId[]> {
  const ids = graphIds.map(() => newId(policyIdSchema));
  await world.admin.query(
    `insert into policies (tenant_id, id, type, graph_id, name)
     select $1, p.id, 'configurationPolicy', p.graph_id, p.graph_id
     from unnest($2::uuid[], $3::text[]) as p (id, graph_id)`,
    [tenantId, ids, graphIds],
  );
  return ids;
}

import { inspect } from 'node:util';
import type { Selectable } from 'kysely';
import { expect, vi } from 'vitest';
import { addUser } from '../../src/access/users.ts';
import { SYSTEM_ACTOR } from '../../src/audit/record-audit.ts';
import { addPolicies } from '../../src/backups/add-policies.ts';
import { captureSnapshot } from '../../src/backups/capture-snapshot.ts';
import { createBackup } from '../../src/backups/create-backup.ts';
import { Db } from '../../src/db/db.ts';
import { withOwner } from '../../src/db/owner-client.ts';
import type { RunsTable } from '../../src/db/tables/runs.ts';
import { inTenant, type TenantTx } from '../../src/db/tenant-tx.ts';
import type { PolicyType } from '../../src/graph/contracts/list.ts';
import type { GraphReader } from '../../src/graph/port.ts';
import type { JsonValue } from '../../src/kernel/canonical-json.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { ConnectionId, PolicyId, RunId, TenantId, UserId } from '../../src/kernel/ids.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { syncPolicies } from '../../src/policies/sync-policies.ts';
import { startWorker, type Worker } from '../../src/queue/worker.ts';
import { type CancelState, cancelRun } from '../../src/runs/cancel-run.ts';
import type { GraphAccess, RunType } from '../../src/runs/run-type.ts';
import { RunTypes } from '../../src/runs/run-types.ts';
import { startRun } from '../../src/runs/start-run.ts';
import { addConnection } from '../../src/tenants/add-connection.ts';
import { addTenant } from '../../src/tenants/add-tenant.ts';
import { requireConnection } from '../../src/tenants/find-connection.ts';
import { findWriteRegistration } from '../../src/tenants/find-write-registration.ts';
import type { KeyEncryptionKey } from '../../src/tenants/key-file.ts';
import { verifyConnection } from '../../src/tenants/verify-connection.ts';
import { ScriptedGraph } from './scripted-graph.ts';
import { createTestDatabase, type TestDatabase } from './test-server.ts';
import { QUICK } from './worker-settings.ts';

/** Every run type of the features, on a real worker. */
const RUN_TYPES = new RunTypes([
  verifyConnection,
  syncPolicies,
  captureSnapshot,
  createBackup,
  addPolicies,
]);

const CONNECTION = {
  cloud: 'global',
  entraTenantId: '5b1e2f6c-58a4-4f4c-9a57-0c6a1f0e7a01',
  clientId: '5b1e2f6c-58a4-4f4c-9a57-0c6a1f0e7a02',
} as const;

/** Two customers, a worker, and a Graph for each that does as the story says. */
export class TenantWorld {
  readonly database: TestDatabase;
  readonly db: Db;
  readonly key: KeyEncryptionKey = new Secret(Buffer.alloc(32, 7));
  readonly failures: unknown[] = [];
  readonly #tenants = new Map<TenantId, TenantVerbs>();
  readonly #workers: Worker[] = [];

  constructor(database: TestDatabase) {
    this.database = database;
    this.db = new Db(database.loginUrl, { connectionsMax: 20, onError: () => {} });
  }

  async hasTenant(name: string): Promise<TenantVerbs> {
    const owner = await withOwner(this.database.ownerUrl, (client) =>
      addUser(client, { name: `owner of ${name}`, isAdmin: false }),
    );
    const tenant = { name, ownerId: owner };
    const id = await addTenant(this.db, this.key, tenant, SYSTEM_ACTOR);
    const connectionId = await inTenant(this.db, id, (tx) =>
      addConnection(
        tx,
        { key: this.key, clock: systemClock },
        CONNECTION,
        new Secret({ kind: 'secret', secret: `secret-of-${id}` }),
        SYSTEM_ACTOR,
      ),
    );
    const verbs = new TenantVerbs(this, id, owner, connectionId);
    this.#tenants.set(id, verbs);
    return verbs;
  }

  async startWorker(): Promise<void> {
    const worker = await startWorker({
      db: this.db,
      ownerUrl: this.database.ownerUrl,
      loginUrl: this.database.loginUrl,
      runTypes: RUN_TYPES,
      clock: systemClock,
      log: { happened: () => {}, failed: (...entry) => this.failures.push(entry) },
      settings: QUICK,
      openGraph: (tenantId) => this.#openGraph(tenantId),
      onDead: () => this.failures.push('the worker was declared dead'),
    });
    this.#workers.push(worker);
  }

  async #openGraph(tenantId: TenantId): Promise<GraphReader> {
    const tenant = this.#tenants.get(tenantId);
    if (tenant === undefined) throw new Error('a tenant of another story');
    const { id, version } = await inTenant(this.db, tenantId, requireConnection);
    const registration = await inTenant(this.db, tenantId, findWriteRegistration);
    await tenant.graph.afterOpen();
    return tenant.graph.reader({
      connectionId: id,
      version,
      ...(registration === undefined ? {} : { writeRegistration: registration }),
    });
  }

  /** As the administrator of the database, past every wall. */
  asAdmin(statement: string, values: unknown[] = []) {
    return withOwner(this.database.adminUrl, (client) => client.query(statement, values));
  }

  /** Waits until the worker has logged a failure with these words in it. */
  async failed(words: string): Promise<void> {
    await vi.waitFor(
      () => expect(this.failures.map((failure) => inspect(failure)).join()).toContain(words),
      { timeout: 20_000, interval: 20 },
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await this.db.close();
    await this.database.drop();
  }
}

/** What a story says about one tenant. */
export class TenantVerbs {
  readonly world: TenantWorld;
  readonly id: TenantId;
  readonly ownerId: UserId;
  readonly connectionId: ConnectionId;
  readonly graph = new ScriptedGraph();

  constructor(world: TenantWorld, id: TenantId, ownerId: UserId, connectionId: ConnectionId) {
    this.world = world;
    this.id = id;
    this.ownerId = ownerId;
    this.connectionId = connectionId;
  }

  inTenant<T>(work: (tx: TenantTx) => Promise<T>): Promise<T> {
    return inTenant(this.world.db, this.id, work);
  }

  async starts<Input extends JsonValue, Access extends GraphAccess>(
    type: RunType<Input, Access>,
    input: Input,
  ): Promise<RunId> {
    const initiator = {
      kind: 'user',
      id: this.ownerId,
      userId: this.ownerId,
      label: 'Ada',
    } as const;
    return (await this.inTenant((tx) => startRun(tx, type, input, initiator))).id;
  }

  /** Starts a run and waits for its end. */
  async runs<Input extends JsonValue, Access extends GraphAccess>(
    type: RunType<Input, Access>,
    input: Input,
  ): Promise<Selectable<RunsTable>> {
    return this.ended(await this.starts(type, input));
  }

  cancels(runId: RunId): Promise<CancelState> {
    return this.inTenant((tx) => cancelRun(tx, runId, SYSTEM_ACTOR));
  }

  ended(runId: RunId): Promise<Selectable<RunsTable>> {
    return vi.waitFor(
      async () => {
        const run = await this.run(runId);
        expect(run.phase, `log: ${this.world.failures.slice(-3).map(String)}`).toBe('ended');
        return run;
      },
      { timeout: 20_000, interval: 20 },
    );
  }

  run(runId: RunId): Promise<Selectable<RunsTable>> {
    return this.inTenant((tx) =>
      tx.db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow(),
    );
  }

  /** Items as `kind id outcome code`, in the order of their ids. */
  async items(runId: RunId): Promise<string[]> {
    const rows = await this.inTenant((tx) =>
      tx.db.selectFrom('run_items').selectAll().where('run_id', '=', runId).execute(),
    );
    return rows
      .map((row) =>
        [row.subject_kind, row.subject_id, row.outcome, row.code ?? ''].join(' ').trim(),
      )
      .sort();
  }

  /** The id of an observed policy. */
  async policyId(type: PolicyType, graphId: string): Promise<PolicyId> {
    return (await this.policy(type, graphId)).id;
  }

  policy(type: PolicyType, graphId: string) {
    return this.inTenant((tx) =>
      tx.db
        .selectFrom('policies')
        .selectAll()
        .where('type', '=', type)
        .where('graph_id', '=', graphId)
        .executeTakeFirstOrThrow(),
    );
  }

  /** Every version of every policy, oldest first. */
  versions() {
    return this.inTenant((tx) =>
      tx.db.selectFrom('policy_versions').selectAll().orderBy('id').execute(),
    );
  }

  async countOf(table: 'snapshots' | 'backup_items' | 'policies'): Promise<number> {
    const rows = await this.inTenant((tx) => tx.db.selectFrom(table).select('tenant_id').execute());
    return rows.length;
  }
}

/** A world with one tenant and a worker. */
export async function setupTenants(): Promise<{ world: TenantWorld; acme: TenantVerbs }> {
  const world = new TenantWorld(await createTestDatabase());
  const acme = await world.hasTenant('Acme');
  await world.startWorker();
  return { world, acme };
}

import { EventEmitter, once } from 'node:events';
import type { Selectable } from 'kysely';
import { Db } from '../../src/db/db.ts';
import { withOwner } from '../../src/db/owner-client.ts';
import type { RunsTable } from '../../src/db/tables/runs.ts';
import { inTenant } from '../../src/db/tenant-tx.ts';
import type { GraphReader } from '../../src/graph/port.ts';
import type { JsonValue } from '../../src/kernel/canonical-json.ts';
import type { Role } from '../../src/kernel/capabilities.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import {
  newId,
  type RunId,
  type TenantId,
  tenantIdSchema,
  type UserId,
  userIdSchema,
} from '../../src/kernel/ids.ts';
import type { QueueLog } from '../../src/queue/log.ts';
import type { WorkerSettings } from '../../src/queue/settings.ts';
import { startWorker, type Worker } from '../../src/queue/worker.ts';
import type { RunType } from '../../src/runs/run-type.ts';
import { RunTypes } from '../../src/runs/run-types.ts';
import { startRun } from '../../src/runs/start-run.ts';
import { createTestDatabase, type TestDatabase } from './test-server.ts';
import { QUICK } from './worker-settings.ts';

/** A tenant with people in it, and the verbs of a story about runs. */
export class QueueWorld {
  readonly database: TestDatabase;
  readonly db: Db;
  readonly runTypes: RunTypes;
  readonly failures: unknown[] = [];
  readonly log: QueueLog = {
    happened: () => {},
    failed: (...args) => this.failures.push(args),
  };
  readonly #workers: Worker[] = [];
  readonly died = new EventEmitter();

  constructor(database: TestDatabase, types: readonly RunType[]) {
    this.database = database;
    this.runTypes = new RunTypes(types);
    this.db = new Db(database.loginUrl, { connectionsMax: 20, onError: () => {} });
  }

  async hasTenant(name = `tenant ${newId(tenantIdSchema)}`): Promise<TenantId> {
    const id = newId(tenantIdSchema);
    await inTenant(this.db, id, (tx) => tx.db.insertInto('tenants').values({ id, name }).execute());
    return id;
  }

  async hasUser(): Promise<UserId> {
    const id = newId(userIdSchema);
    await withOwner(this.database.ownerUrl, (client) =>
      client.query('insert into users (id, name) values ($1, $2)', [id, `user ${id}`]),
    );
    return id;
  }

  async hasPerson(tenantId: TenantId, role: Role = 'operator'): Promise<UserId> {
    const id = await this.hasUser();
    await inTenant(this.db, tenantId, (tx) =>
      tx.db.insertInto('memberships').values({ tenant_id: tenantId, user_id: id, role }).execute(),
    );
    return id;
  }

  starts<Input extends JsonValue>(
    tenantId: TenantId,
    userId: UserId | null,
    type: RunType<Input>,
    input: Input,
  ) {
    const kind = userId === null ? ('schedule' as const) : ('user' as const);
    const initiator = { kind, id: userId, label: 'a person', userId };
    return inTenant(this.db, tenantId, (tx) => startRun(tx, type, input, initiator));
  }

  async worker(settings: Partial<WorkerSettings> = {}): Promise<Worker> {
    const worker = await startWorker({
      db: this.db,
      ownerUrl: this.database.ownerUrl,
      loginUrl: this.database.loginUrl,
      runTypes: this.runTypes,
      clock: systemClock,
      log: this.log,
      settings: { ...QUICK, ...settings },
      openGraph: (tenantId, access) => this.openGraph(tenantId, access),
      onDead: () => this.died.emit('died'),
    });
    this.#workers.push(worker);
    return worker;
  }

  run(tenantId: TenantId, runId: RunId): Promise<Selectable<RunsTable>> {
    return inTenant(this.db, tenantId, (tx) =>
      tx.db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow(),
    );
  }

  items(tenantId: TenantId, runId: RunId) {
    return inTenant(this.db, tenantId, (tx) =>
      tx.db
        .selectFrom('run_items')
        .selectAll()
        .where('run_id', '=', runId)
        .orderBy('seq')
        .execute(),
    );
  }

  /** Stories that need a Graph bring one. */
  openGraph(_tenantId: TenantId, _access: 'read' | 'write'): Promise<GraphReader> {
    return Promise.reject(new Error('this story needs no Graph'));
  }

  /** Waits until the run has ended, and gives it. */
  async ended(tenantId: TenantId, runId: RunId, withinMs = 20_000): Promise<Selectable<RunsTable>> {
    return this.until(
      () => this.run(tenantId, runId),
      (run) => run.phase === 'ended',
      withinMs,
    );
  }

  /** Asks until the answer is as wanted; a story that never comes true fails here. */
  async until<T>(
    ask: () => Promise<T>,
    isTrue: (answer: T) => boolean,
    withinMs = 20_000,
  ): Promise<T> {
    const signal = AbortSignal.timeout(withinMs);
    const ticks = new EventEmitter();
    const timer = setInterval(() => ticks.emit('tick'), 20);
    try {
      for (;;) {
        const answer = await ask();
        if (isTrue(answer)) return answer;
        if (signal.aborted) {
          throw new Error(`never came true: ${JSON.stringify(answer)}; log: ${this.failures}`);
        }
        await once(ticks, 'tick');
      }
    } finally {
      clearInterval(timer);
    }
  }

  /** As the administrator of the database, past every wall. */
  asAdmin(statement: string, values: unknown[] = []) {
    return withOwner(this.database.adminUrl, (client) => client.query(statement, values));
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await this.db.close();
    await this.database.drop();
  }
}

export async function createQueueWorld(types: readonly RunType[]): Promise<QueueWorld> {
  return new QueueWorld(await createTestDatabase(), types);
}

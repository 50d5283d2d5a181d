import { CompiledQuery, type ControlledTransaction, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Tables } from '../../src/db/tables.ts';
import type { TenantTx } from '../../src/db/tenant-tx.ts';
import type { TenantId } from '../../src/kernel/ids.ts';
import type { QueueWorld } from './queue-fixture.ts';

/**
 * One open transaction of a tenant on a connection of its own, moved step by step: two of them show
 * both orders of a race, each time the same.
 */
export class TenantSession {
  readonly tx: TenantTx;
  readonly pid: number;
  readonly #world: QueueWorld;
  readonly #transaction: ControlledTransaction<Tables>;
  readonly #kysely: Kysely<Tables>;

  private constructor(
    world: QueueWorld,
    tenantId: TenantId,
    kysely: Kysely<Tables>,
    transaction: ControlledTransaction<Tables>,
    pid: number,
  ) {
    this.#world = world;
    this.#kysely = kysely;
    this.#transaction = transaction;
    this.tx = { tenantId, db: transaction };
    this.pid = pid;
  }

  static async open(world: QueueWorld, tenantId: TenantId): Promise<TenantSession> {
    const connectionString = world.database.loginUrl.reveal();
    const pool = new pg.Pool({ connectionString, max: 1 });
    pool.on('error', () => {}); // a story that fails leaves it open, and its database is dropped
    pool.on('connect', (client) => client.on('error', () => {}));
    const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    const transaction = await kysely.startTransaction().execute();
    const { rows } = await transaction.executeQuery<{ pid: number }>(
      CompiledQuery.raw(
        `select pg_backend_pid() as pid, set_config('role', 'atlas_tenant', true),
          set_config('app.tenant_id', $1, true)`,
        [tenantId],
      ),
    );
    return new TenantSession(world, tenantId, kysely, transaction, rows[0]?.pid ?? 0);
  }

  async sql<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.#transaction.executeQuery<Row>(
      CompiledQuery.raw(text, [...values]),
    );
    return rows;
  }

  async commit(): Promise<void> {
    await this.#transaction.commit().execute();
    await this.#kysely.destroy();
  }

  async rollback(): Promise<void> {
    await this.#transaction.rollback().execute();
    await this.#kysely.destroy();
  }

  /** Resolves once its statement waits for a lock that another session holds. */
  async isWaiting(): Promise<void> {
    await this.#world.until(
      () =>
        this.#world.asAdmin(
          `select 1 from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'`,
          [this.pid],
        ),
      (answer) => answer.rowCount === 1,
      5_000,
    );
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { asSystem } from '../../src/db/system-tx.ts';
import { inTenant } from '../../src/db/tenant-tx.ts';
import type { GraphWriter } from '../../src/graph/port.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { HOUR } from '../../src/kernel/durations.ts';
import {
  newId,
  type RunId,
  type TenantId,
  type WorkerId,
  workerIdSchema,
} from '../../src/kernel/ids.ts';
import { registerWorker, unregisterWorker } from '../../src/queue/heartbeat.ts';
import { releaseDeadWorkers } from '../../src/queue/release-dead-workers.ts';
import type { WorkerSettings } from '../../src/queue/settings.ts';
import { Slices } from '../../src/queue/slices.ts';
import type { BackupWorld } from '../../tests/setup/backup-world.ts';
import { QUICK } from '../../tests/setup/worker-settings.ts';
import { type Doom, Life, live, type Moment } from './life.ts';
import { MortalDb } from './mortal-db.ts';
import { mortalReader, mortalWriter } from './mortal-graph.ts';

const SETTINGS: WorkerSettings = { ...QUICK, sliceMaxMs: 60_000 };
/** Every worker of a crew is this one's child, as far as the engine is asked. */
const ENGINE_ID = 'chaos';
/** What waits is looked at again after this long at the latest, due or not: time is short. */
const HASTE_MS = 40;
/** A run that takes longer never ends. */
const RUN_MAX_MS = 120_000;

export interface Crashes {
  /** How the next worker ends; undefined: it does not. */
  nextDoom(): Doom | undefined;
  /** It held the run, and these writes of it were under way; nobody works it until this settles. */
  crashed(moment: Moment, cutOff: readonly string[], life: Life): Promise<void>;
  /** Something happened that nobody had thought of. */
  surprised(what: string): void;
}

/** For runs that nothing is to befall. */
export const NO_CRASHES: Crashes = {
  nextDoom: () => undefined,
  crashed: async () => {},
  surprised: () => {},
};

interface Work {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  readonly limit: AbortSignal;
  readonly crashes: Crashes;
}

/**
 * Works runs without a worker's timers: one life after the other, each taking over from the last.
 */
export class CrashingCrew {
  readonly #world: BackupWorld;

  constructor(world: BackupWorld) {
    this.#world = world;
  }

  /** @throws when the run does not come to an end */
  async work(tenantId: TenantId, runId: RunId, crashes: Crashes): Promise<void> {
    const limit = AbortSignal.timeout(RUN_MAX_MS);
    for (;;) {
      const life = new Life(crashes.nextDoom());
      const workerId = newId(workerIdSchema);
      await registerWorker(this.#world.db, workerId, ENGINE_ID);
      const moment = await this.#live(life, workerId, { tenantId, runId, limit, crashes });
      if (moment === undefined) {
        await unregisterWorker(this.#world.db, workerId);
        return;
      }
      const held = await this.#readHeld(tenantId, runId, workerId);
      if (held !== undefined) await crashes.crashed(moment, held, life);
      await this.#bury(workerId);
    }
  }

  /** Slice after slice until the run has ended, or the life. */
  async #live(
    life: Life,
    workerId: WorkerId,
    { tenantId, runId, limit, crashes }: Work,
  ): Promise<Moment | undefined> {
    const slices = new Slices({
      db: new MortalDb(this.#world.db, life, this.#world.database.loginUrl),
      clock: systemClock,
      log: {
        happened: () => {},
        // What a dead worker still says is of no account.
        failed: (message, { code }, error) => {
          if (!life.isOver && code === 'internal') crashes.surprised(`${message}: ${error}`);
        },
      },
      settings: SETTINGS,
      runTypes: this.#world.runTypes,
      workerId,
      openGraph: async (tenant, access) => {
        const real = await life.outlive(this.#world.openGraph(tenant, access));
        return isWriter(real) ? mortalWriter(real, life) : mortalReader(real, life);
      },
      requireLease: () => life.requireLife(),
      onDead: () => {},
    });
    for (;;) {
      limit.throwIfAborted();
      const ticketNo = await this.#waitUntilDue(tenantId, runId);
      if (ticketNo === undefined) return undefined;
      const slice = live(life, () =>
        slices.redeem({ tenantId, lane: 'interactive', ticketNo }),
      ).then(() => undefined);
      const moment = await Promise.race([slice, life.ended]);
      if (moment !== undefined) return moment;
    }
  }

  /** @returns the ticket of its lane; undefined when the run has ended */
  async #waitUntilDue(tenantId: TenantId, runId: RunId): Promise<number | undefined> {
    const { phase, run_at: runAt } = await this.#world.run(tenantId, runId);
    if (phase === 'ended') return undefined;
    const waitMs = runAt.getTime() - systemClock.now().getTime();
    if (waitMs > 0) await pause(Math.min(waitMs, HASTE_MS));
    return inTenant(this.#world.db, tenantId, async (tx) => {
      if (waitMs > HASTE_MS) {
        await sql`update runs set run_at = clock_timestamp()
          where tenant_id = ${tenantId} and id = ${runId} and phase = 'queued'`.execute(tx.db);
      }
      const lane = await tx.db
        .selectFrom('lanes')
        .select('ticket_no')
        .where('lane', '=', 'interactive')
        .executeTakeFirstOrThrow();
      return Number(lane.ticket_no);
    });
  }

  /** The writes that the dead worker had under way; undefined when it did not hold the run. */
  #readHeld(
    tenantId: TenantId,
    runId: RunId,
    workerId: WorkerId,
  ): Promise<readonly string[] | undefined> {
    return inTenant(this.#world.db, tenantId, async (tx) => {
      const held = await tx.db
        .selectFrom('runs')
        .select('id')
        .where('id', '=', runId)
        .where('worker_id', '=', workerId)
        .where('phase', '=', 'running')
        .executeTakeFirst();
      if (held === undefined) return undefined;
      const open = await tx.db
        .selectFrom('restore_writes')
        .select('client_request_id')
        .where('run_id', '=', runId)
        .where('state', '=', 'intent')
        .execute();
      return open.map((write) => write.client_request_id ?? '');
    });
  }

  /** As a caretaker does that finds a silent worker. */
  async #bury(workerId: WorkerId): Promise<void> {
    const { db, log } = this.#world;
    await asSystem(db, ({ system }) =>
      system
        .updateTable('workers')
        .set({ beat_at: sql`clock_timestamp() - interval '2 hours'` })
        .where('id', '=', workerId)
        .execute(),
    );
    await releaseDeadWorkers(db, HOUR, log);
  }
}

function isWriter(port: object): port is GraphWriter {
  return 'canWrite' in port;
}

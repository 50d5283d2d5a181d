import type { Db } from '../db/db.ts';
import type { Clock } from '../kernel/clock.ts';
import { SECOND } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';
import { newId, type WorkerId, workerIdSchema } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import type { RunTypes } from '../runs/run-types.ts';
import { type Engine, startEngine } from './engine.ts';
import { giveBackLeftRuns, type LeftRun } from './give-back-left-runs.ts';
import { beat, registerWorker, unregisterWorker } from './heartbeat.ts';
import { listenForCancel } from './listen-for-cancel.ts';
import type { QueueLog } from './log.ts';
import { mendLanes } from './mend-lanes.ts';
import { pruneOldRuns } from './prune-old-runs.ts';
import { releaseDeadWorkers } from './release-dead-workers.ts';
import type { WorkerSettings } from './settings.ts';
import { Slices } from './slices.ts';
import type { SliceDeps } from './work-slice.ts';

export interface WorkerOptions {
  readonly db: Db;
  /** For the queue engine's own pool. */
  readonly ownerUrl: Secret<string>;
  readonly loginUrl: Secret<string>;
  readonly runTypes: RunTypes;
  readonly clock: Clock;
  readonly log: QueueLog;
  readonly settings: WorkerSettings;
  readonly openGraph: SliceDeps['openGraph'];
  /**
   * This worker was declared dead, or its engine stopped by itself: the process must exit with 75
   * at once, for the supervisor to start a new one.
   */
  onDead(): void;
}

/** Beats of its own that a worker must have had before it may call another one dead. */
const GOOD_BEATS_BEFORE_JUDGING = 3;
/** After the grace of a stop: for checkpoints and the last transactions of the slices. */
const LAST_WRITES_MS = 2 * SECOND;
/** Rounds between two looks for what must never happen, and for what is too old. */
const ROUNDS_PER_DEEP_LOOK = 30;

/** A worker of runs: takes tickets, beats, and takes care of what crashed elsewhere. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #id: WorkerId = newId(workerIdSchema);
  readonly #slices: Slices;
  readonly #registered = Promise.withResolvers<void>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #duties = new Set<Promise<void>>();
  #engine: Engine | undefined;
  #cancels: { close(): Promise<void> } | undefined;
  #isStopping = false;
  #stopped: Promise<void> | undefined;
  #goodBeats = 0;
  #beatAtMs = Number.NEGATIVE_INFINITY;
  #round = 0;
  #leftRuns = new Set<LeftRun>();

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#registered.promise.catch(() => {}); // whoever waits for it hears it
    this.#slices = new Slices({
      ...options,
      workerId: this.#id,
      onDead: () => this.#die(),
      requireLease: () => this.#requireLease(),
    });
  }

  async start(): Promise<void> {
    const { db, ownerUrl, loginUrl, settings, log } = this.#options;
    const engine = await startEngine({
      ownerUrl,
      slots: settings.slots,
      log,
      onTicket: async (ticket) => {
        await this.#registered.promise;
        await this.#slices.redeem(ticket);
      },
    });
    this.#engine = engine;
    engine.settled.then(
      () => this.#isStopping || this.#die(),
      () => this.#isStopping || this.#die(),
    );
    try {
      const sentAtMs = this.#options.clock.monotonicMs();
      await registerWorker(db, this.#id, engine.id);
      this.#beatAtMs = sentAtMs;
    } catch (error) {
      this.#isStopping = true;
      this.#registered.reject(error); // tickets that came already go back to the engine
      await engine.stop();
      throw error;
    }
    this.#registered.resolve();
    this.#cancels = listenForCancel(loginUrl, (runId) => this.#slices.cancel(runId));
    this.#repeat(settings.beatMs, () => this.#beat());
    this.#repeat(settings.caretakeMs, () => this.#caretake());
  }

  /**
   * Takes no more tickets, gives its runs back at item boundaries, and leaves no trace. What hangs
   * is not waited for: its runs are given to others, who raise the fence. End the process then.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { settings, log } = this.#options;
    this.#isStopping = true;
    this.#slices.stop();
    const grace = setTimeout(() => this.#slices.interrupt(), settings.stopGraceMs);
    const limitMs = settings.stopGraceMs + settings.abandonMs + LAST_WRITES_MS;
    const limit = Promise.withResolvers<'hangs'>();
    const hard = setTimeout(() => limit.resolve('hangs'), limitMs);
    const stopped = await Promise.race([this.#engine?.stop(), limit.promise]);
    if (stopped === 'hangs') log.happened('stopped without waiting for what hangs', {});
    clearTimeout(grace);
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.race([Promise.all(this.#duties), limit.promise]);
    clearTimeout(hard);
    await this.#cancels?.close();
    await unregisterWorker(this.#options.db, this.#id).catch(() => {});
  }

  /** A duty that fails is tried again at its next turn; it never overlaps with itself. */
  #repeat(everyMs: number, duty: () => Promise<void>): void {
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy) return;
      isBusy = true;
      const done = duty()
        .catch((error: unknown) => {
          this.#goodBeats = 0; // the database is away, perhaps from the others too
          this.#options.log.failed('duty failed', {}, error);
        })
        .finally(() => {
          isBusy = false;
          this.#duties.delete(done);
        });
      this.#duties.add(done);
    }, everyMs);
    this.#timers.push(timer);
  }

  async #beat(): Promise<void> {
    // Counted from before it was sent: the database wrote it down later than that.
    const sentAtMs = this.#options.clock.monotonicMs();
    const isAlive = await beat(this.#options.db, this.#id);
    if (!isAlive && !this.#isStopping) this.#die();
    // A gap means that this process, or the whole machine, stood still: so may the others have.
    const isLate = this.#sinceBeatMs() >= this.#options.settings.deadAfterMs;
    this.#goodBeats = isLate ? 1 : this.#goodBeats + 1;
    this.#beatAtMs = sentAtMs;
  }

  #requireLease(): void {
    if (this.#sinceBeatMs() < this.#options.settings.leaseMs) return;
    this.#die();
    throw new AppError('run.fence_lost');
  }

  #sinceBeatMs(): number {
    return this.#options.clock.monotonicMs() - this.#beatAtMs;
  }

  async #caretake(): Promise<void> {
    const { db, settings, log } = this.#options;
    // After the database was away everybody looks dead: let the others beat first.
    if (this.#goodBeats < GOOD_BEATS_BEFORE_JUDGING || this.#isStopping) return;
    if (this.#sinceBeatMs() >= settings.deadAfterMs) return;
    const isDeep = this.#round % ROUNDS_PER_DEEP_LOOK === 0;
    this.#round += 1;
    const takenOver = await releaseDeadWorkers(db, settings.deadAfterMs, log);
    const mended = await mendLanes(db, isDeep, log);
    this.#leftRuns = await giveBackLeftRuns(
      db,
      this.#id,
      (runId) => this.#slices.isWorking(runId),
      this.#leftRuns,
      log,
    );
    if (takenOver + mended > 0) log.happened('took over', { takenOver, mended });
    if (isDeep) await pruneOldRuns(db, settings.retentionMs, log);
  }

  #die(): void {
    this.#isStopping = true;
    this.#options.onDead();
  }
}

export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const worker = new Worker(options);
  await worker.start();
  return worker;
}

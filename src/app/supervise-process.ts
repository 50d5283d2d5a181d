import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../kernel/clock.ts';
import { SECOND } from '../kernel/durations.ts';
import type { Log } from './log.ts';

export interface SupervisorOptions {
  /** Starts the process; called again after each unexpected end. */
  readonly start: () => ChildProcess;
  readonly clock: Clock;
  readonly log: Log;
  readonly backoffMinMs?: number;
  readonly backoffMaxMs?: number;
  /** One that lived so long was well: the next wait is the shortest again. */
  readonly healthyAfterMs?: number;
  /** A stop is asked for first, and enforced after this. */
  readonly stopGraceMs?: number;
}

/** By this code a worker asks to be replaced: it was declared dead, or its engine stopped. */
export const REPLACE_ME = 75;

/** Keeps one process running: whatever ends it, another is started, later each time it fails. */
export class ProcessSupervisor {
  readonly #options: Required<SupervisorOptions>;
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | null = null;
  #backoffMs: number;
  #isStopping = false;
  #restarts = 0;

  constructor(options: SupervisorOptions) {
    this.#options = {
      // A crash loop must not eat the machine, a single crash must not be felt.
      backoffMinMs: 100,
      backoffMaxMs: 30 * SECOND,
      healthyAfterMs: 30 * SECOND,
      stopGraceMs: 15 * SECOND,
      ...options,
    };
    this.#backoffMs = this.#options.backoffMinMs;
    this.#launch();
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Asks the process to end and waits until it has; after a grace it is killed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return;
    await endProcess(child, this.#options.stopGraceMs);
  }

  #launch(): void {
    const { clock, log } = this.#options;
    const startedAtMs = clock.monotonicMs();
    const child = this.#options.start();
    this.#child = child;
    let hasEnded = false;
    const onEnd = (exitCode: number | null, signal: string | null): void => {
      if (hasEnded) return;
      hasEnded = true;
      this.#child = null;
      if (this.#isStopping) return;
      log.warn('worker ended unexpectedly', { exitCode, signal, backoffMs: this.#backoffMs });
      this.#relaunchLater(clock.monotonicMs() - startedAtMs, exitCode);
    };
    child.once('exit', onEnd);
    // A process that could not even be started has no exit.
    child.once('error', (error) => {
      log.error('worker could not be started', { error });
      if (child.pid === undefined) onEnd(null, null);
    });
  }

  #relaunchLater(livedMs: number, exitCode: number | null): void {
    const { backoffMinMs, backoffMaxMs, healthyAfterMs } = this.#options;
    const isCalm = livedMs >= healthyAfterMs || exitCode === REPLACE_ME;
    const waitMs = isCalm ? backoffMinMs : this.#backoffMs;
    this.#backoffMs = Math.min(2 * waitMs, backoffMaxMs);
    this.#timer = setTimeout(() => {
      this.#restarts += 1;
      this.#launch();
    }, waitMs);
  }
}

/** SIGTERM, then SIGKILL after the grace; resolves when the process is gone. */
export async function endProcess(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}

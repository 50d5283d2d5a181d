import type { RestoreId, RunId } from '../../src/kernel/ids.ts';
import type { WritePoint } from '../../src/restores/writing/points.ts';
import type { RestoreVerbs, RestoreWorld } from './restore-world.ts';
import { spawnWorker } from './worker-process.ts';

/** Takes over from a dead worker soon, and is not taken for dead itself on a busy machine. */
const SUCCESSOR = { beatMs: 200, deadAfterMs: 3_000, leaseMs: 2_500 } as const;

/**
 * One worker after the other: the first is killed at a point, and something happens before the
 * next.
 */
export class KilledAt {
  readonly #story: RestoreWorld;
  #worker: { stop(): Promise<void> };

  constructor(story: RestoreWorld) {
    this.#story = story;
    this.#worker = story.worker;
  }

  /** Carries out a confirmed preview and gives the run, ended by another worker. */
  async executes(
    acme: RestoreVerbs,
    id: RestoreId,
    point: WritePoint,
    meanwhile: (runId: RunId) => Promise<unknown>,
  ) {
    const { world } = this.#story;
    await this.#worker.stop();
    const environment = { ...world.workerEnvironment, STORY_DIES_AT: point };
    const killed = await spawnWorker(world, 'dying-worker.ts', environment);
    const runId = await acme.starts(id);
    if ((await killed.exited) !== null) throw new Error(`the worker did not come to ${point}`);
    await meanwhile(runId);
    this.#worker = await world.worker(SUCCESSOR);
    return world.ended(acme.tenant.id, runId, 40_000);
  }
}

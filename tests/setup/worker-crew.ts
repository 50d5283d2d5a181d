import { once } from 'node:events';
import type { QueueWorld } from './queue-fixture.ts';
import { spawnWorker, type WorkerProcess } from './worker-process.ts';

/** A few worker processes, each replaced whatever ended it, as a supervisor would. */
export class WorkerCrew {
  /** Exit codes; null for one that a signal ended. */
  readonly exits: (number | null)[] = [];
  readonly #world: QueueWorld;
  readonly #kind: { readonly main?: string; readonly environment?: Record<string, string> };
  readonly #members: (WorkerProcess | undefined)[];
  readonly #keeping: Promise<void>[] = [];
  #isClosed = false;

  constructor(
    world: QueueWorld,
    size: number,
    kind: { readonly main?: string; readonly environment?: Record<string, string> } = {},
  ) {
    this.#world = world;
    this.#kind = kind;
    this.#members = Array.from({ length: size }, () => undefined);
    for (const place of this.#members.keys()) this.#keeping.push(this.#keep(place));
  }

  /** The process in this place; undefined while it is being replaced. */
  at(place: number): WorkerProcess | undefined {
    return this.#members[place];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const member of this.#members) member?.kill('SIGKILL');
    await Promise.all(this.#keeping);
  }

  async #keep(place: number): Promise<void> {
    while (!this.#isClosed) {
      // While the database is away it cannot start: it says so with its exit.
      const { main, environment } = this.#kind;
      const spawned = spawnWorker(this.#world, main, environment, 'ignore');
      const member = await spawned.catch(() => undefined);
      this.#members[place] = member;
      if (this.#isClosed) member?.kill('SIGKILL');
      if (member !== undefined) this.exits.push(await member.exited);
      this.#members[place] = undefined;
      if (member === undefined) await pass(100);
    }
  }
}

/** Time that a disturbance takes. */
export async function pass(ms: number): Promise<void> {
  await once(AbortSignal.timeout(ms), 'abort');
}

/** Numbers from 0 to below `limit`, the same for the same seed. */
export function seededNumbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

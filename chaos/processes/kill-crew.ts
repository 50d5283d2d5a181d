import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { BackupWorld } from '../../tests/setup/backup-world.ts';
import { spawnWorker, type WorkerProcess } from '../../tests/setup/worker-process.ts';
import type { Order } from './order.ts';

/** How a worker ended. */
export interface Death {
  /** The point at which it killed itself; undefined: it was killed from outside. */
  readonly point: string | undefined;
  /** It ended by itself, because the others had declared it dead. */
  readonly wasDeclaredDead: boolean;
  /** Restores that it held, and the writes of them that were under way. */
  readonly heldRuns: readonly string[];
  readonly cutOff: readonly { readonly runId: string; readonly clientRequestId: string }[];
}

export interface CrewOptions {
  readonly size: number;
  /** What the next worker is told; undefined: nothing. */
  nextOrder(): Order | undefined;
  onDeath(death: Death): void;
}

interface Member extends WorkerProcess {
  readonly workerId: string;
  point: string | undefined;
}

const MAIN = new URL('killable-worker.ts', import.meta.url).href;

/** Worker processes, each replaced whatever ended it. */
export class KillCrew {
  readonly #world: BackupWorld;
  readonly #options: CrewOptions;
  readonly #members: (Member | undefined)[];
  readonly #keeping: Promise<void>[];
  /** One at a time, so that a new row among the workers is the one that was started. */
  #starting: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(world: BackupWorld, options: CrewOptions) {
    this.#world = world;
    this.#options = options;
    this.#members = Array.from({ length: options.size }, () => undefined);
    this.#keeping = [...this.#members.keys()].map((place) => this.#keep(place));
  }

  /** From outside, wherever it is. @returns whether there was one */
  kill(place: number): boolean {
    return this.#members[place]?.child.kill('SIGKILL') ?? false;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const member of this.#members) member?.kill('SIGKILL');
    await Promise.all(this.#keeping);
  }

  async #keep(place: number): Promise<void> {
    while (!this.#isClosed) {
      const starting = this.#starting.then(() => this.#start());
      this.#starting = starting.catch(() => {});
      const member = await starting.catch(() => undefined);
      if (member === undefined) {
        await pause(200); // it was killed before it was ready
        continue;
      }
      this.#members[place] = member;
      if (this.#isClosed) member.kill('SIGKILL');
      const exitCode = await member.exited;
      this.#members[place] = undefined;
      if (!this.#isClosed) this.#options.onDeath(await this.#inspect(member, exitCode));
    }
  }

  async #start(): Promise<Member> {
    const before = await this.#workerIds();
    const order = this.#options.nextOrder();
    const environment = {
      ...this.#world.workerEnvironment,
      ...(order === undefined ? {} : { CHAOS_ORDER: JSON.stringify(order) }),
    };
    const started = await spawnWorker(this.#world, MAIN, environment, 'inherit');
    const after = await this.#workerIds();
    const workerId = after.find((id) => !before.includes(id));
    if (workerId === undefined) throw new Error('the new worker is not among the workers');
    const member: Member = { ...started, workerId, point: undefined };
    started.child.stdout?.on('data', (text: Buffer) => {
      member.point = /dies at (\w+)/.exec(text.toString())?.[1] ?? member.point;
    });
    return member;
  }

  async #inspect({ workerId, point }: Member, exitCode: number | null): Promise<Death> {
    const { rows } = await this.#world.asAdmin(
      `select r.id as run_id, w.client_request_id from runs r
        left join restore_writes w on w.tenant_id = r.tenant_id and w.run_id = r.id
          and w.state = 'intent'
      where r.worker_id = $1 and r.phase = 'running' and r.type = 'restore.execute'`,
      [workerId],
    );
    const held = heldSchema.parse(rows);
    return {
      point,
      wasDeclaredDead: exitCode !== null,
      heldRuns: [...new Set(held.map(({ run_id }) => run_id))],
      cutOff: held.flatMap(({ run_id: runId, client_request_id: clientRequestId }) =>
        clientRequestId === null ? [] : [{ runId, clientRequestId }],
      ),
    };
  }

  async #workerIds(): Promise<readonly string[]> {
    const { rows } = await this.#world.asAdmin('select id from workers');
    return rows.map(({ id }) => String(id));
  }
}

const heldSchema = z.array(
  z.object({ run_id: z.string(), client_request_id: z.string().nullable() }),
);

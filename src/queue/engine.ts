import { EventEmitter } from 'node:events';
import { Logger, type Runner, run, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import type { Secret } from '../kernel/secret.ts';
import { type Ticket, ticketSchema } from './claim-slice.ts';
import type { QueueLog } from './log.ts';

/** How often the engine looks for tickets that nobody told it of: 2 % of a core when idle. */
const POLL_MS = 250;

export interface EngineOptions {
  readonly ownerUrl: Secret<string>;
  readonly slots: number;
  readonly log: QueueLog;
  onTicket(ticket: Ticket): Promise<void>;
}

/** The queue engine, by its few verbs; nothing else in the product knows its name. */
export interface Engine {
  /** By what name it locks jobs. */
  readonly id: string;
  /** Settles when the engine stops, also by itself: then the process must end (engine notes). */
  readonly settled: Promise<void>;
  /** Takes no more tickets and waits for the ones in work. */
  stop(): Promise<void>;
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const pool = createPool(options);
  const events: WorkerEvents = new EventEmitter();
  const created = Promise.withResolvers<string>();
  events.on('pool:create', ({ workerPool }) => created.resolve(workerPool.id));
  const runner = await run({
    pgPool: pool,
    events,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    preset: {
      worker: {
        concurrentJobs: options.slots,
        pollInterval: POLL_MS,
        // Completions are awaited, or rows stay locked after a stop.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    taskList: {
      lane: async (payload) => {
        await options.onTicket(ticketSchema.parse(payload));
      },
    },
  });
  return {
    id: await created.promise,
    settled: runner.promise,
    stop: () => stopRunner(runner, pool),
  };
}

/** Its pool is its own: it uses all of it. A connection that breaks is reported, never fatal. */
function createPool(options: EngineOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.ownerUrl.reveal(),
    max: options.slots + 2,
    application_name: 'tenantatlas-engine',
  });
  pool.on('error', (error) => options.log.failed('engine connection broke', {}, error));
  // Without a listener of its own one that breaks while it is in use would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

async function stopRunner(runner: Runner, pool: pg.Pool): Promise<void> {
  try {
    await runner.stop();
  } finally {
    await pool.end();
  }
}

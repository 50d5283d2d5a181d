import { Db } from '../db/db.ts';
import { LIMITS_BY_NAME } from '../graph/budget/limits.ts';
import { graphHosts } from '../graph/clouds.ts';
import { createGraph, type Graph } from '../graph/create-graph.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { RunTypes } from '../runs/run-types.ts';
import type { KeyReader } from '../tenants/key-file.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { OpenDatabase } from './open-database.ts';
import { readKeyOnce } from './read-key-once.ts';
import { runTypes } from './run-types.ts';

/** One process of the product: what lives as long as it does. */
export interface App {
  readonly config: Config;
  readonly database: OpenDatabase;
  readonly db: Db;
  readonly graph: Graph;
  readonly clock: Clock;
  readonly log: Log;
  readonly runTypes: RunTypes;
  readonly readKey: KeyReader;
  /** Closes what this process opened; the database itself belongs to whoever opened it. */
  close(): Promise<void>;
}

/** What a test may put in the place of the real thing. */
export type AppOverrides = Partial<Pick<App, 'clock' | 'graph' | 'runTypes'>>;

/** Enough for every request and slice that works at once; more only queue in PostgreSQL. */
const CONNECTIONS_MAX = 20;

/** Puts a process together from an open database; nothing is connected before its first use. */
export function createApp(
  config: Config,
  database: OpenDatabase,
  log: Log,
  overrides: AppOverrides = {},
): App {
  const clock = overrides.clock ?? systemClock;
  const db = new Db(database.loginUrl, {
    connectionsMax: CONNECTIONS_MAX,
    onError: (error) => log.warn('idle database connection lost', { error }),
  });
  const graph = overrides.graph ?? openGraph(config, clock, log);
  return {
    config,
    database,
    db,
    graph,
    clock,
    log,
    runTypes: overrides.runTypes ?? runTypes,
    readKey: readKeyOnce(config.keyFile),
    close: async () => {
      await graph.close();
      await db.close();
    },
  };
}

function openGraph(config: Config, clock: Clock, log: Log): Graph {
  return createGraph({
    clock,
    hosts: graphHosts(config.graphOverride ?? undefined),
    limits: LIMITS_BY_NAME[config.graphLimits],
    log: {
      graphCalled: (call) =>
        log.debug('graph called', {
          method: call.method,
          pathTemplate: call.template,
          status: call.status,
          ms: Math.round(call.durationMs),
          clientRequestId: call.clientRequestId,
          requestId: call.requestId,
        }),
    },
  });
}

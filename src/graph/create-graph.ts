import type { Clock } from '../kernel/clock.ts';
import type { ConnectionId, TenantId } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import { batchReads } from './batch/batch-reads.ts';
import { Budget } from './budget/budget.ts';
import { DOCUMENTED_LIMITS, type GraphLimits } from './budget/limits.ts';
import { spendBudget } from './budget/spend-budget.ts';
import { type GraphLog, SILENT_LOG } from './client/call-log.ts';
import type { Send } from './client/exchange.ts';
import { type HttpExchange, type HttpLimits, openHttpExchange } from './client/http-exchange.ts';
import { refuseWrites } from './client/refuse-writes.ts';
import { renewSignIn } from './client/renew-sign-in.ts';
import { retryReads } from './client/retry-reads.ts';
import { sendToGraph } from './client/send-to-graph.ts';
import type { Cloud, GraphHosts } from './clouds.ts';
import type { GraphReader, GraphWriter, SealedValue } from './port.ts';
import { countUsage, createReader } from './reading/create-reader.ts';
import type { GraphCredential } from './sign-in/credential.ts';
import { fetchToken } from './sign-in/fetch-token.ts';
import { keepSignIn, type SignIn } from './sign-in/sign-in.ts';
import { performWrite, type WriteLine } from './writing/perform-write.ts';

/** How to reach one tenant's Graph. The version grows when its credential or ids change. */
export interface GraphConnection {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly version: number;
  readonly cloud: Cloud;
  readonly entraTenantId: string;
  readonly clientId: string;
  /** Called only when a token is needed; the secret is not kept. */
  openCredential(): Promise<Secret<GraphCredential>>;
  /** Called right before a request that carries the value leaves; it is not kept, either. */
  openEntered(value: SealedValue): Promise<Secret<string>>;
}

/** The one path to Graph of a process: sockets, tokens and budgets are shared here. */
export interface Graph {
  /** A reader of one tenant, with counts of its own; it costs nothing until it is used. */
  readerFor(connection: GraphConnection): GraphReader;
  /** The same for a run that writes: its reads are those of a reader. */
  writerFor(connection: GraphConnection): GraphWriter;
  close(): Promise<void>;
}

export interface GraphOptions {
  readonly clock: Clock;
  readonly hosts: GraphHosts;
  readonly log?: GraphLog;
  /** What Microsoft allows; only a simulator with other limits needs another value. */
  readonly limits?: GraphLimits;
  readonly http?: Partial<HttpLimits>;
  readonly random?: () => number;
}

/** Opens nothing yet: sockets and tokens come with the first call. */
export function createGraph(options: GraphOptions): Graph {
  const http = openHttpExchange(options.http);
  const lines = new Map<ConnectionId, TenantLine>();
  const budgets = new Map<string, Budget>();
  const lineFor = (connection: GraphConnection) =>
    keepLine(lines, connection, () =>
      openLine(options, http, budgetOf(budgets, connection, options), connection),
    );
  return {
    readerFor: (connection) => readerOn(lineFor(connection), options, connection),
    writerFor: (connection) => writerOn(lineFor(connection), http, options, connection),
    async close() {
      lines.clear();
      await http.close();
    },
  };
}

/** What all readers of one connection version share. */
interface TenantLine {
  readonly version: number;
  readonly signIn: SignIn;
  readonly budget: Budget;
  readonly send: Send;
}

function openLine(
  options: GraphOptions,
  http: HttpExchange,
  budget: Budget,
  connection: GraphConnection,
): TenantLine {
  const { clock } = options;
  const log = options.log ?? SILENT_LOG;
  const hosts = options.hosts[connection.cloud];
  const { entraTenantId, clientId } = connection;
  const openCredential = () => connection.openCredential();
  const signIn = keepSignIn(
    () => fetchToken({ http, hosts, entraTenantId, clientId, openCredential }),
    clock,
  );
  const sendOne = refuseWrites(sendToGraph({ http, origin: hosts.graph, signIn, clock, log }));
  const send = batchReads(sendOne, { clock, log });
  return { version: connection.version, signIn, budget, send };
}

/**
 * From the outside in: retried, signed in anew, let through by the budget, counted, batched. The
 * budget stands above the batch because Graph charges each part.
 */
function readerOn(
  line: TenantLine,
  options: GraphOptions,
  connection: GraphConnection,
): GraphReader {
  const usage = { calls: 0, callsSaved: 0, throttled: 0 };
  const charged = spendBudget(countUsage(line.send, usage), line.budget, options.clock);
  const send = retryReads(renewSignIn(charged, line.signIn), {
    clock: options.clock,
    random: options.random ?? Math.random,
  });
  const { graph: origin } = options.hosts[connection.cloud];
  return createReader({ send, origin }, connection, usage, options.clock);
}

/**
 * Reads go the reader's way, its guard included; a write goes straight from the budget to the
 * socket, so that nothing in between could send it twice.
 */
function writerOn(
  line: TenantLine,
  http: HttpExchange,
  options: GraphOptions,
  connection: GraphConnection,
): GraphWriter {
  const reader = readerOn(line, options, connection);
  const way: WriteLine = {
    http,
    origin: options.hosts[connection.cloud].graph,
    signIn: line.signIn,
    budget: line.budget,
    clock: options.clock,
    log: options.log ?? SILENT_LOG,
    usage: reader.usage,
    openEntered: (value) => connection.openEntered(value),
  };
  return {
    ...reader,
    canWrite: true,
    perform: (step, target, attempt) => performWrite(way, step, target, attempt),
  };
}

/** Tokens and batches of idle tenants are let go when more than this many are known. */
const LINES_MAX = 2_000;

function keepLine(
  lines: Map<ConnectionId, TenantLine>,
  connection: GraphConnection,
  open: () => TenantLine,
): TenantLine {
  const known = lines.get(connection.connectionId);
  const line = known?.version === connection.version ? known : open();
  // Last used comes last, so the first is the one to let go; readers in use keep theirs alive.
  lines.delete(connection.connectionId);
  lines.set(connection.connectionId, line);
  const [oldest] = lines.keys();
  if (lines.size > LINES_MAX && oldest !== undefined) lines.delete(oldest);
  return line;
}

/** By application and Entra tenant, as Graph counts: two connections with one app share it. */
function budgetOf(
  budgets: Map<string, Budget>,
  connection: GraphConnection,
  options: GraphOptions,
): Budget {
  const key = `${connection.entraTenantId}/${connection.clientId}`.toLowerCase();
  const known = budgets.get(key);
  if (known !== undefined) return known;
  if (budgets.size >= LINES_MAX) {
    for (const [name, budget] of budgets) if (budget.isIdle()) budgets.delete(name);
  }
  const budget = new Budget(options.limits ?? DOCUMENTED_LIMITS, options.clock);
  budgets.set(key, budget);
  return budget;
}

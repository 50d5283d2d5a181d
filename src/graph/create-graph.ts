import type { Clock } from '../kernel/clock.ts';
import type { ConnectionId, TenantId, WriteRegistrationId } from '../kernel/ids.ts';
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
import type { GraphReader, GraphWriter, ReaderConnection, SealedValue } from './port.ts';
import { countUsage, createReader } from './reading/create-reader.ts';
import type { GraphCredential } from './sign-in/credential.ts';
import { fetchToken } from './sign-in/fetch-token.ts';
import { keepSignIn, type SignIn } from './sign-in/sign-in.ts';
import { rolesInToken } from './sign-in/token-roles.ts';
import { lateVisibilityOf } from './writing/late-visibility.ts';
import { performWrite, type WriteLine } from './writing/perform-write.ts';

/** An application of the tenant that we sign in as. */
interface GraphApplication {
  /** Grows when its credential or client id changes. */
  readonly version: number;
  readonly clientId: string;
  /** Called only when a token is needed; the secret is not kept. */
  openCredential(): Promise<Secret<GraphCredential>>;
}

/** How to reach one tenant's Graph, and as which application. */
export interface GraphConnection extends GraphApplication {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly cloud: Cloud;
  readonly entraTenantId: string;
  /** Called right before a request that carries the value leaves; it is not kept, either. */
  openEntered(value: SealedValue): Promise<Secret<string>>;
  /** The application that may write, when there is one: a writer signs in as it, no reader does. */
  readonly write?: GraphApplication & { readonly id: WriteRegistrationId };
}

export type WritableConnection = GraphConnection & Required<Pick<GraphConnection, 'write'>>;

/** The one path to Graph of a process: sockets, tokens and budgets are shared here. */
export interface Graph {
  /** A reader of one tenant, with counts of its own; it costs nothing until it is used. */
  readerFor(connection: GraphConnection): GraphReader;
  /** The same for a run that writes: its reads are a reader's, but for who signs in. */
  writerFor(connection: WritableConnection): GraphWriter;
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
  /** Only a simulator that shows things sooner needs another value than the contracts'. */
  readonly lateVisibilityMs?: number;
}

/** Opens nothing yet: sockets and tokens come with the first call. */
export function createGraph(options: GraphOptions): Graph {
  const http = openHttpExchange(options.http);
  const shared: Shared = { options, http, lines: new Map(), budgets: new Map() };
  return {
    readerFor: (connection) => readerOn(shared, readingLine(shared, connection), connection),
    writerFor: (connection) => writerOn(shared, connection),
    async close() {
      shared.lines.clear();
      await http.close();
    },
  };
}

/** What all connections of a process share. */
interface Shared {
  readonly options: GraphOptions;
  readonly http: HttpExchange;
  /** By application, as we know it: two of one connection never share a token. */
  readonly lines: Map<ConnectionId | WriteRegistrationId, TenantLine>;
  readonly budgets: Map<string, Budget>;
}

/** What all readers of one application's version share. */
interface TenantLine {
  readonly version: number;
  readonly signIn: SignIn;
  readonly budget: Budget;
  readonly send: Send;
}

function readingLine(shared: Shared, connection: GraphConnection): TenantLine {
  return keepLine(shared, connection.connectionId, connection, connection);
}

function writingLine(shared: Shared, connection: WritableConnection): TenantLine {
  return keepLine(shared, connection.write.id, connection, connection.write);
}

function openLine(
  { options, http, budgets }: Shared,
  { cloud, entraTenantId }: GraphConnection,
  application: GraphApplication,
): TenantLine {
  const { clock } = options;
  const log = options.log ?? SILENT_LOG;
  const hosts = options.hosts[cloud];
  const { version, clientId } = application;
  const openCredential = () => application.openCredential();
  const signIn = keepSignIn(
    () => fetchToken({ http, hosts, entraTenantId, clientId, openCredential }),
    clock,
  );
  const sendOne = refuseWrites(sendToGraph({ http, origin: hosts.graph, signIn, clock, log }));
  const send = batchReads(sendOne, { clock, log });
  const budget = budgetOf(budgets, `${entraTenantId}/${clientId}`.toLowerCase(), options);
  return { version, signIn, budget, send };
}

/**
 * From the outside in: retried, signed in anew, let through by the budget, counted, batched. The
 * budget stands above the batch because Graph charges each part.
 */
function readerOn(shared: Shared, line: TenantLine, connection: GraphConnection): GraphReader {
  const { clock, hosts, random } = shared.options;
  const usage = { calls: 0, callsSaved: 0, throttled: 0 };
  const charged = spendBudget(countUsage(line.send, usage), line.budget, clock);
  const send = retryReads(renewSignIn(charged, line.signIn), {
    clock,
    random: random ?? Math.random,
  });
  const face = {
    usage,
    connection: faceOf(connection),
    grantedToWrite: (signal: AbortSignal) => grantedToWrite(shared, connection, signal),
  };
  return createReader({ send, origin: hosts[connection.cloud].graph }, face, clock);
}

function faceOf({ connectionId, version, write }: GraphConnection): ReaderConnection {
  if (write === undefined) return { connectionId, version };
  return { connectionId, version, writeRegistration: { id: write.id, version: write.version } };
}

/** Only the sign-in of the other application is used here: none of its tokens reaches a reader. */
async function grantedToWrite(
  shared: Shared,
  connection: GraphConnection,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const { write } = connection;
  if (write === undefined) return null;
  const { signIn } = writingLine(shared, { ...connection, write });
  return rolesInToken((await signIn.newToken(signal)).value);
}

/**
 * Reads go the reader's way, its guard included; a write goes straight from the budget to the
 * socket, so that nothing in between could send it twice.
 */
function writerOn(shared: Shared, connection: WritableConnection): GraphWriter {
  const { options, http } = shared;
  const line = writingLine(shared, connection);
  const reader = readerOn(shared, line, connection);
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
    lateVisibilityMs: (type) => options.lateVisibilityMs ?? lateVisibilityOf(type),
  };
}

/** Tokens and batches of idle tenants are let go when more than this many are known. */
const LINES_MAX = 2_000;

function keepLine(
  shared: Shared,
  key: ConnectionId | WriteRegistrationId,
  connection: GraphConnection,
  application: GraphApplication,
): TenantLine {
  const { lines } = shared;
  const known = lines.get(key);
  const isKnown = known?.version === application.version;
  const line = isKnown ? known : openLine(shared, connection, application);
  // Last used comes last, so the first is the one to let go; readers in use keep theirs alive.
  lines.delete(key);
  lines.set(key, line);
  const [oldest] = lines.keys();
  if (lines.size > LINES_MAX && oldest !== undefined) lines.delete(oldest);
  return line;
}

/** By application and Entra tenant, as Graph counts: two connections with one app share it. */
function budgetOf(budgets: Map<string, Budget>, key: string, options: GraphOptions): Budget {
  const known = budgets.get(key);
  if (known !== undefined) return known;
  if (budgets.size >= LINES_MAX) {
    for (const [name, budget] of budgets) if (budget.isIdle()) budgets.delete(name);
  }
  const budget = new Budget(options.limits ?? DOCUMENTED_LIMITS, options.clock);
  budgets.set(key, budget);
  return budget;
}

import type { z } from 'zod';
import type { Outcome } from '../db/tables/runs.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { GraphReader, GraphWriter } from '../graph/port.ts';
import type { JsonValue } from '../kernel/canonical-json.ts';
import type { Capability } from '../kernel/capabilities.ts';
import type { ErrorCode, SafeDetails } from '../kernel/errors.ts';
import type { BackupId, ConnectionId, PolicyId, RunId, TenantId } from '../kernel/ids.ts';

/** What a run may do to Graph; the port it is handed can do no more. */
export type GraphAccess = 'none' | 'read' | 'write';

export type GraphFor<Access extends GraphAccess> = Access extends 'write'
  ? GraphWriter
  : Access extends 'read'
    ? GraphReader
    : undefined;

/** What a run works through. (kind, id) is unique in a run; the label is the name as it was. */
export interface NewItem {
  readonly kind: string;
  readonly id: string;
  readonly label: string;
  /** Working it may add more items, so the total is not known before it is done. */
  readonly discovers?: boolean;
  /** Already decided, by the work that found it. */
  readonly ending?: ItemEnding;
}

/** An item in work. */
export interface Item {
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  readonly label: string;
}

/** How an item ends when nothing was thrown. What is thrown is retried as its code says. */
export type ItemEnding =
  | { readonly outcome: 'succeeded'; readonly code?: ErrorCode; readonly details?: SafeDetails }
  | { readonly outcome: 'skipped'; readonly code: ErrorCode; readonly details?: SafeDetails }
  | { readonly outcome: 'failed'; readonly code: ErrorCode; readonly details?: SafeDetails }
  /** It may have been done or not, and only a person can say: shown, and never tried again. */
  | { readonly outcome: 'unknown'; readonly code: ErrorCode; readonly details?: SafeDetails };

/** Not now: the item gives its place back and is worked again in a later slice, at no attempt. */
export interface Waiting {
  readonly outcome: 'waiting';
  readonly until: Date;
  /** What it waits for. */
  readonly code: ErrorCode;
}

export function succeeded(details: SafeDetails = {}): ItemEnding {
  return { outcome: 'succeeded', details };
}
export function skipped(code: ErrorCode, details: SafeDetails = {}): ItemEnding {
  return { outcome: 'skipped', code, details };
}
export function failed(code: ErrorCode, details: SafeDetails = {}): ItemEnding {
  return { outcome: 'failed', code, details };
}
export function unknown(code: ErrorCode, details: SafeDetails = {}): ItemEnding {
  return { outcome: 'unknown', code, details };
}
export function waitUntil(until: Date, code: ErrorCode): Waiting {
  return { outcome: 'waiting', until, code };
}

/** A tenant transaction of the slice that holds the run; it commits only under its fence. */
export interface SliceTx extends TenantTx {
  readonly runId: RunId;
}

/** What a run type is handed for one slice. */
export interface RunContext<Input, Access extends GraphAccess> {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  readonly input: Input;
  /** Who asked, as it was when the run was started: for `made_by` of what the run makes. */
  readonly initiatorLabel: string;
  /** Fires when the run is cancelled, its rights are lost, or the worker must stop. */
  readonly signal: AbortSignal;
  readonly graph: GraphFor<Access>;
  readonly now: () => Date;
  /**
   * A transaction under this slice's fence: refused once another worker holds the run, once cancel
   * was requested, and once nobody who asked holds the right. No Graph call inside.
   */
  inTenant<T>(work: (tx: SliceTx) => Promise<T>): Promise<T>;
  /**
   * The same, but it also passes when the run is being cancelled or has lost its rights: for
   * writing down what was done already, never for beginning anything.
   */
  record<T>(work: (tx: SliceTx) => Promise<T>): Promise<T>;
  /**
   * Asked right before something is written to Graph: whether this worker has beaten of late, so
   * that no other can have been given its runs. If not, the process ends.
   * @throws AppError run.fence_lost
   */
  requireLease(): void;
  /** Adds items; one that is there already stays as it is. At most 1,000 at once. */
  addItems(tx: SliceTx, items: readonly NewItem[]): Promise<void>;
}

/**
 * What the run does. All of it may die after any line, and another slice begins: `plan` is repeated
 * until it has come to its end once, an item until its outcome is recorded, `finish` until the run
 * has ended. Reads are harmless to repeat; database writes must be upserts.
 */
export interface Perform<Input, Access extends GraphAccess> {
  plan(ctx: RunContext<Input, Access>): AsyncIterable<NewItem>;
  item(ctx: RunContext<Input, Access>, item: Item): Promise<ItemEnding | Waiting>;
  /** After the last item, before the run ends. */
  finish?(ctx: RunContext<Input, Access>): Promise<void>;
  /**
   * In the transaction that ends a run which had begun, whatever the outcome: cancelled and failed
   * included. Database only, and short.
   */
  ended?(tx: SliceTx, outcome: Outcome): Promise<void>;
}

/** What a run works on, as real columns, for pages that list the runs of a thing. */
export interface RunSubject {
  readonly connectionId?: ConnectionId;
  readonly policyId?: PolicyId;
  readonly backupId?: BackupId;
}

export type GateMoment = 'start' | 'begin';

/** Everything there is to say about a kind of run, in one place. */
export interface RunType<Input = unknown, Access extends GraphAccess = GraphAccess> {
  /** `noun.verb`; also the route and the name in metrics. */
  readonly name: string;
  /** For people: a button, a row. */
  readonly title: string;
  /** Validates a start; what comes out is stored, so it holds no secret. */
  readonly input: z.ZodType<Input>;
  /** At most one live run per (tenant, name, target). */
  target(input: Input): string;
  subject?(input: Input): RunSubject;
  readonly capability: Capability;
  /**
   * What must hold besides the right, looked at when the run is started and again when it begins,
   * in the transactions that do so. What it throws refuses the start; a run that may not begin ends
   * blocked. Never asked again once the run has begun.
   */
  gate?(tx: TenantTx, input: Input, moment: GateMoment): Promise<void>;
  readonly graph: Access;
  /** Failures that may pass are tried this often, per item and for the run as a whole. */
  readonly attemptsMax: number;
  /** One item may take this long. */
  readonly itemTimeoutMs: number;
  /** Items worked at once within one run. */
  readonly concurrency: number;
  readonly perform: Perform<Input, Access>;
}

/**
 * Defines a kind of run; `app/run-types.ts` lists it, and its route, command, label, metrics and
 * common tests follow from that.
 */
export function defineRunType<Input extends JsonValue, Access extends GraphAccess>(
  type: RunType<Input, Access>,
): RunType<Input, Access> {
  return type;
}

/** A run over one thing, written as one function. */
export function once<Input, Access extends GraphAccess>(
  subject: (ctx: RunContext<Input, Access>) => Promise<NewItem>,
  work: (ctx: RunContext<Input, Access>) => Promise<ItemEnding | Waiting>,
): Perform<Input, Access> {
  return {
    async *plan(ctx) {
      yield await subject(ctx);
    },
    item: (ctx) => work(ctx),
  };
}

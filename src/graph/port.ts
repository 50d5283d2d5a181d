import type { JsonValue } from '../kernel/canonical-json.ts';
import type { ErrorCode, SafeDetails } from '../kernel/errors.ts';
import type { ConnectionId } from '../kernel/ids.ts';
import type { PolicyType } from './contracts/list.ts';
import type { PolicyDocument } from './policy-document.ts';
import type { WriteStep } from './writing/write-step.ts';

/** One policy as its collection lists it. */
export interface ListedPolicy {
  readonly graphId: string;
  readonly name: string;
  readonly platform: string | null;
  readonly lastModifiedAt: string | null;
  /**
   * The complete policy, when the contract says that the listing itself is complete
   * (Conditional Access lists everything at one request a second), else undefined.
   * An Error stands for a policy that was listed but cannot be kept (a number too large, say).
   */
  readonly document: PolicyDocument | Error | undefined;
}

/** What a reading run may do in one tenant. Every call may be repeated freely. */
export interface GraphReader {
  /**
   * Lists a collection to its end, a page at a time. The listing is complete only when the loop
   * ends by itself: a half page or a failure throws.
   * @throws AppError graph.* ; `graph.throttled` carries `retryAfterSeconds` when the wait is too
   *   long to be spent in a worker's slot.
   */
  list(type: PolicyType, signal: AbortSignal): AsyncIterable<readonly ListedPolicy[]>;

  /**
   * Reads one policy completely: all pages of all parts, settings counted, assignments.
   * @throws AppError `graph.not_found` when it is gone; `graph.incomplete` when parts are missing.
   */
  read(type: PolicyType, graphId: string, signal: AbortSignal): Promise<PolicyDocument>;

  /** Names of groups by id; an id that Graph does not know is absent from the answer. */
  groupNames(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;

  /** One cheap call that shows whether the connection may read this type (first page, one row). */
  probe(type: PolicyType, signal: AbortSignal): Promise<void>;

  /** What this reader cost so far; a run adds it to its counts. */
  readonly usage: GraphUsage;

  /** The connection as it was when this reader was opened: what it sees, it sees through this. */
  readonly connection: ReaderConnection;
}

export interface ReaderConnection {
  readonly connectionId: ConnectionId;
  /** Grows with each change of the credential. */
  readonly version: number;
}

export interface GraphUsage {
  /** Requests charged by Graph: each part of a batch counts. */
  calls: number;
  /** Round trips saved by batching. */
  callsSaved: number;
  /** Answers 429, parts of a batch included. */
  throttled: number;
}

/** What a writing run may do besides: one request at a time, each of them known beforehand. */
export interface GraphWriter extends GraphReader {
  readonly canWrite: true;

  /**
   * Sends one step of a restore: at most one request, never repeated here. Waits for the write
   * budget first. What it says is for the ledger: nothing else may be concluded from a failure.
   * @throws AppError `graph.write_refused` when no contract declares the step; the signal's reason,
   *   or what `beforeDispatch` threw, when nothing was sent for it.
   */
  perform(step: WriteStep, target: WriteTarget, attempt: WriteAttempt): Promise<WriteResult>;

  /**
   * How long after a write was announced its object may still turn up in a collection when the
   * answer was lost: only then is it known that it was not made. Holds for what leaves within
   * `LEAVES_WITHIN_MS`.
   */
  lateVisibilityMs(type: PolicyType): number;
}

/** The object a step is about; a create has none yet. */
export interface WriteTarget {
  readonly graphId?: string;
}

export interface WriteAttempt {
  /** New for each attempt and stored with its intent; Graph logs it. */
  readonly clientRequestId: string;
  readonly signal: AbortSignal;
  /**
   * Called when nothing is left to wait for, right before the request leaves: the place to look
   * whether this worker still holds its run. What it throws keeps the request from being sent.
   */
  readonly beforeDispatch?: () => void;
}

/**
 * What is known after one attempt. `not_executed`: Graph refused it, or it was never sent; it may
 * be tried again. `ambiguous`: it may have been done, now or in a while; only reading again tells,
 * and a create is not sent again before that.
 */
export type WriteResult =
  | {
      readonly kind: 'applied';
      /** The object's id: that of the target, or the new one. */
      readonly graphId: string | undefined;
      /** As it was answered, often nothing; the truth is what is read back. */
      readonly body: JsonValue | undefined;
    }
  | NotApplied<'not_executed'>
  | NotApplied<'ambiguous'>;

export interface NotApplied<
  Kind extends 'not_executed' | 'ambiguous' = 'not_executed' | 'ambiguous',
> {
  readonly kind: Kind;
  readonly code: ErrorCode;
  readonly details: SafeDetails;
}

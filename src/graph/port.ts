import type { ConnectionId } from '../kernel/ids.ts';
import type { PolicyType } from './contracts/list.ts';
import type { PolicyDocument } from './policy-document.ts';

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

/** What a writing run may do besides; restores bring its methods (a later issue). */
export interface GraphWriter extends GraphReader {
  readonly canWrite: true;
}

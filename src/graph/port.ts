import type { JsonValue } from '../kernel/canonical-json.ts';
import type { ErrorCode, SafeDetails } from '../kernel/errors.ts';
import type { ConnectionId, WriteRegistrationId } from '../kernel/ids.ts';
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

/** A group of the directory, as its collection lists it. */
export interface DirectoryGroup {
  /** In small letters: Graph compares ids without regard to case. */
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** The rule that says who belongs to it; null where members are added by hand. */
  readonly membershipRule: string | null;
  readonly kind: DirectoryGroupKind;
}

/** `distribution`: only mail goes there; nothing is assigned to it. */
export type DirectoryGroupKind = 'security' | 'mail_security' | 'microsoft365' | 'distribution';

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

  /**
   * Lists every group of the directory, a page at a time; complete only when the loop ends by
   * itself, like `list`.
   */
  listGroups(signal: AbortSignal): AsyncIterable<readonly DirectoryGroup[]>;

  /** The groups of this name, whatever its case: names are not unique in a directory. */
  groupsNamed(name: string, signal: AbortSignal): Promise<readonly DirectoryGroup[]>;

  /**
   * What changes need a second person's consent (Multi Admin Approval), in Graph's words: see
   * `approval` in the contracts. Empty when nobody asks for any.
   */
  approvalPolicies(signal: AbortSignal): Promise<ReadonlySet<string>>;

  /** One cheap call that shows whether the connection may read this type (first page, one row). */
  probe(type: PolicyType, signal: AbortSignal): Promise<void>;

  /**
   * Signs in anew as the application that may write, and tells the roles in its token. A hint:
   * tokens are Graph's to read, ours is read without being verified. Sends nothing to Graph.
   * @returns null when the tenant has no such application, or its token does not tell
   * @throws AppError `graph.sign_in_failed`, `graph.unavailable`, `graph.throttled`;
   *   `connection.write_registration_missing` when it was removed or replaced meanwhile
   */
  grantedToWrite(signal: AbortSignal): Promise<readonly string[] | null>;

  /** What this reader cost so far; a run adds it to its counts. */
  readonly usage: GraphUsage;

  /** The connection as it was when this reader was opened: what it sees, it sees through this. */
  readonly connection: ReaderConnection;
}

export interface ReaderConnection {
  readonly connectionId: ConnectionId;
  /** Grows with each change of the credential. */
  readonly version: number;
  /** The application that may write, as it was then. */
  readonly writeRegistration?: RegistrationVersion;
}

export interface RegistrationVersion {
  readonly id: WriteRegistrationId;
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

/**
 * What a writing run may do besides: one request at a time, each of them known beforehand. All its
 * calls sign in as the application that may write.
 */
export interface GraphWriter extends GraphReader {
  readonly canWrite: true;

  /**
   * Sends one step of a restore: at most one request, never repeated here. Waits for the write
   * budget first. What it says is for the ledger: nothing else may be concluded from a failure.
   * Values that a person entered are opened when nothing else is left to wait for, and not kept.
   * One that does not open is `not_executed` with `sealed.refused`.
   * @throws AppError `graph.write_refused` when no contract declares the step, or the value of one
   *   of its markers is not given; the signal's reason, or what `beforeDispatch` threw, when
   *   nothing was sent for it.
   */
  perform(step: WriteStep, target: WriteTarget, attempt: WriteAttempt): Promise<WriteResult>;

  /**
   * How long after a write was announced its object may still turn up in a collection when the
   * answer was lost: only then is it known that it was not made. Holds for what leaves within
   * `LEAVES_WITHIN_MS`.
   */
  lateVisibilityMs(type: PolicyType | 'group'): number;
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
  /** For the markers in the step's body. */
  readonly secrets?: readonly SealedValue[];
}

/** A value that a person entered, as it is stored: only the port opens it. */
export interface SealedValue {
  /** What stands for it in the body. */
  readonly marker: string;
  /** Its row, which the seal is bound to. */
  readonly id: string;
  readonly sealed: Buffer;
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
      /**
       * As it was answered, often nothing; the truth is what is read back. Nothing at all when
       * values were entered: Graph may have repeated them.
       */
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

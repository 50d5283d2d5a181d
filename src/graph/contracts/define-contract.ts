import type { WritingRules } from './writing-rules.ts';

/**
 * How one kind of Graph object is read, compared and written. One file per policy type; what is
 * special about a type is a named field here, never an `if (type === ...)` elsewhere. Data only, no
 * functions: what a plan was made by is told by a hash over it.
 *
 * Paths into a body: `a.b[].c`; `**.x` is x at any depth, `x.**` is all below x.
 */
export interface Contract<T extends string = string> {
  readonly type: T;
  /** What the Intune admin centre calls one of these. */
  readonly title: string;
  readonly group: MenuGroup;
  /** Collection path below the version: `/deviceManagement/...`. */
  readonly path: string;
  /** v1.0 lacks roleScopeTagIds on several types, so beta is used throughout (graph-facts 5). */
  readonly apiVersion: 'beta';
  readonly nameProperty: 'name' | 'displayName';
  readonly platform: PlatformSource;
  readonly listing: {
    /** Query of the first page, without `?`; later pages follow the server's own link. */
    readonly query: string;
    /** The listing holds whole policies: none needs a read of its own. Cite evidence. */
    readonly isComplete: boolean;
  };
  readonly parts: readonly ContractPart[];
  /** Not part of sameness: dropped from the body, kept in `meta` when on the top level. */
  readonly volatile: readonly string[];
  /** Dropped from the body where it only repeats the policy's own id. */
  readonly repeatsId?: readonly string[];
  /** Besides the volatile ones, dropped before writing: Graph sets them. */
  readonly readOnly: readonly string[];
  readonly unordered: readonly UnorderedCollection[];
  readonly references: readonly Reference[];
  readonly secrets: readonly SecretRule[];
  readonly permissions: { readonly read: readonly string[]; readonly write: readonly string[] };
  readonly bucket: Bucket;
  readonly writing: WritingRules;
  /**
   * The approval policies that may hold a change back until a second person agrees, in the words
   * of META: operationApprovalPolicyType.
   */
  readonly approval?: readonly string[];
  /** Where the contract departs from the OpenAPI oracle (beta-paths.json), with the evidence. */
  readonly deviations?: readonly Deviation[];
}

/** The entry of the admin centre's menu under which people look for it. */
export type MenuGroup =
  | 'Configuration'
  | 'Compliance'
  | 'Conditional Access'
  | 'Tenant administration';

/** Microsoft throttles by resource family, not by URL (graph-facts 1, limits). */
export type Bucket =
  | 'deviceConfiguration'
  | 'deviceConfigurationV2'
  | 'roleBasedAccess'
  | 'conditionalAccess'
  | 'directory';

/** Where the platform of a policy is told. */
export type PlatformSource =
  | { readonly from: 'property'; readonly property: string }
  | { readonly from: 'odataType' }
  | { readonly from: 'nothing' };

/** A sub-resource that belongs to the whole policy. */
export interface ContractPart {
  readonly name: string;
  /**
   * `expanded`: comes with the policy by `$expand`, and its own next page is followed.
   * `collection`: asked for at its own address and paged to the end.
   */
  readonly how: 'expanded' | 'collection';
  /** The expand expression (`expanded`) or the query of the collection, without `?`. */
  readonly query: string;
  /** Property of the policy that says how many there must be; other counts fail the item. */
  readonly countedBy?: string;
}

/** A collection whose order means nothing: sorted by these keys, then by content. */
export interface UnorderedCollection {
  readonly at: string;
  /** Each key is a list of property names leading to it: names may hold dots (`@odata.type`). */
  readonly by: readonly (readonly string[])[];
}

export interface Reference {
  readonly at: string;
  readonly to: ReferenceKind;
  /** Only where the object that holds the id says so. */
  readonly when?: Condition;
  readonly ifUnmapped: LeftOut;
  /** Whom it names is kept out. */
  readonly excludes?: true;
}

/** What ids in a body stand for. */
export type ReferenceKind =
  | 'group'
  | 'assignmentFilter'
  | 'roleScopeTag'
  | 'namedLocation'
  | 'notificationMessageTemplate'
  | 'deviceComplianceScript'
  | 'reusablePolicySetting'
  | 'authenticationStrength'
  | 'authenticationContext'
  | 'termsOfUse'
  | 'application'
  | 'servicePrincipal'
  | 'user'
  | 'directoryRole';

/**
 * What is not restored when an id has no counterpart in the target. `value`: the id, `property`:
 * the id, and the whole list when none is left in it, `element`: the innermost element of a list
 * that holds it (an assignment, an action), `item`: everything, for without it the object would
 * mean something else.
 */
export type LeftOut = 'value' | 'property' | 'element' | 'item';

/** A test on one property of an object. */
export type Condition = { readonly property: string } & (
  | { readonly is: string | boolean }
  /** Compared without case. */
  | { readonly contains: string }
);

/** Objects in which Graph hides a value. */
export interface SecretRule {
  readonly at: string;
  readonly maskedWhen: Condition;
  /** Properties that hold a placeholder then: they leave the body, for it is never a value. */
  readonly placeholders: readonly string[];
  readonly entered: EnteredRule;
}

/** How a value that a person enters is put in the place of a hidden one. */
export interface EnteredRule {
  readonly property: string;
  /** What Graph says of a value that it hides, and must not be told of one that is sent. */
  readonly leavesOut?: readonly string[];
  /** Sent beside the value. */
  readonly alongside?: Readonly<Record<string, string>>;
  /** Sent as base64 of its UTF-8 bytes where the object says so. */
  readonly base64When?: Condition;
}

export interface Deviation {
  readonly path: string;
  /** The one method that is not in the oracle; without it, the whole path is not. */
  readonly method?: 'PUT';
  readonly evidence: string;
}

/** Declares a contract; keeps its type name as a literal so that the union of types is closed. */
export function defineContract<const T extends string>(contract: Contract<T>): Contract<T> {
  return contract;
}

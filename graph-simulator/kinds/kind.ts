import type { JsonObject } from '../values/json.ts';

export type ApiVersion = 'beta' | 'v1.0';
/** Who answers behind Graph: each family has error shapes and permissions of its own. */
export type Family = 'intune' | 'conditionalAccess' | 'directory';

/** What is wrong with a request to write. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** A sub-collection of an object that a plain GET of the object leaves out. */
export interface Part {
  readonly name: string;
  /** Elements on a page of its own collection, whatever $top says. */
  readonly pageSize: number;
  /** What $expand gives: all elements, or an empty list where Graph answers so. */
  readonly expand: 'complete' | 'empty';
  /** Whether $expand works on the list of objects too. */
  readonly expandInList: boolean;
  /** The key inside each element that needs an $expand of its own. */
  readonly nested?: string;
}

/** One collection of Graph: everything about it that differs from the others. */
export interface Kind {
  readonly name: string;
  readonly path: string;
  readonly entity: string;
  readonly versions: readonly ApiVersion[];
  readonly family: Family;
  /** The throttling bucket: follows the resource family, not the URL. */
  readonly bucket: string;
  readonly permissions: { readonly read: readonly string[]; readonly write: readonly string[] };
  readonly nameKey: 'name' | 'displayName';
  readonly modifiedKey: 'lastModifiedDateTime' | 'modifiedDateTime' | null;
  readonly page: { readonly size: number; readonly honoursTop: boolean };
  readonly parts: readonly Part[];
  /** Graph answers these lists in any order; 'everywhere' = each list of texts in the object. */
  readonly unordered: readonly string[] | 'everywhere';
  /** Left out in v1.0. */
  readonly betaOnly: readonly string[];
  /** Set by the service: ignored when sent. */
  readonly readOnly: readonly string[];
  readonly countsSettings: boolean;
  readonly hasVersion: boolean;
  /** Answers to successful writes; null where the collection has no such method. */
  readonly status: {
    readonly create: 200 | 201 | null;
    readonly patch: 200 | 204 | null;
    readonly put: 200 | 204 | null;
    readonly remove: 204 | null;
    readonly assign: 200 | null;
  };
  /** Objects named by an id, whose other properties the service adds by itself. */
  readonly expanded?: readonly { readonly at: readonly string[]; readonly by: string }[];
  /** Filled in when a create does not say. */
  readonly defaults: JsonObject;
  readonly refuseCreate?: (body: JsonObject) => Refusal | undefined;
  readonly refusePatch?: (body: JsonObject) => Refusal | undefined;
  readonly refuseRemove?: (stored: JsonObject) => Refusal | undefined;
  /** Actions beside `assign` that replace a part: action name -> part and the key in its body. */
  readonly replacers?: Readonly<Record<string, { readonly part: string; readonly key: string }>>;
}

const EVERY_VERSION = ['beta', 'v1.0'] as const;
const DMC = {
  read: ['DeviceManagementConfiguration.Read.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  write: ['DeviceManagementConfiguration.ReadWrite.All'],
};

/** What most Intune collections have in common; each kind overrides its differences. */
export const INTUNE_BASE = {
  versions: ['beta'],
  family: 'intune',
  permissions: DMC,
  nameKey: 'displayName',
  modifiedKey: 'lastModifiedDateTime',
  page: { size: 100, honoursTop: true },
  parts: [],
  unordered: ['roleScopeTagIds'],
  betaOnly: [],
  readOnly: ['id', 'createdDateTime', 'lastModifiedDateTime', 'version', 'isAssigned'],
  countsSettings: false,
  hasVersion: false,
  status: { create: 201, patch: 200, put: null, remove: 204, assign: null },
  defaults: { roleScopeTagIds: ['0'] },
} as const satisfies Partial<Kind>;

/** Conditional Access: beta and v1.0, one request a second, no assignments. */
export const CONDITIONAL_ACCESS_BASE = {
  versions: EVERY_VERSION,
  family: 'conditionalAccess',
  bucket: 'conditionalAccess',
  permissions: { read: ['Policy.Read.All'], write: ['Policy.ReadWrite.ConditionalAccess'] },
  nameKey: 'displayName',
  modifiedKey: 'modifiedDateTime',
  page: { size: 100, honoursTop: true },
  parts: [],
  unordered: 'everywhere',
  betaOnly: [],
  readOnly: ['createdDateTime', 'modifiedDateTime', 'deletedDateTime'],
  countsSettings: false,
  hasVersion: false,
  status: { create: 201, patch: 204, put: null, remove: 204, assign: null },
  defaults: {},
} as const satisfies Partial<Kind>;

/** The part that nearly every Intune policy has. */
export const ASSIGNMENTS = {
  name: 'assignments',
  pageSize: 100,
  expand: 'complete',
  expandInList: true,
} as const satisfies Part;

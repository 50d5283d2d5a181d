import type { ReferenceHow } from '../../db/tables/restore-references.ts';
import { POLICY_TYPES, type PolicyType } from '../../graph/contracts/list.ts';
import { newGroupId } from '../../graph/writing/new-groups.ts';
import type { FoundReference } from '../../graph/writing/references.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import type { RestoreMapping } from '../restore-input.ts';

/** What is known about what the ids in a body mean in the target. */
export interface Surroundings {
  /** By hand; keys as in the body or in small letters. */
  readonly mapping: RestoreMapping;
  /** Ids of the source mean the same here: it is the same tenant. */
  readonly idsHold: boolean;
  /** What the source calls them, by `kind:id` in small letters. */
  readonly sourceNames: ReadonlyMap<string, string>;
  /** Groups that exist, by id in small letters; null: they could not be looked up. */
  readonly groups: ReadonlyMap<string, string> | null;
  /** Objects of the listed types, as they are now. */
  readonly objects: readonly SurroundingObject[];
  /** Types that could not be listed. */
  readonly unlisted: ReadonlySet<string>;
  /** Items of this restore, by `type:source id` in small letters. */
  readonly items: ReadonlyMap<string, SurroundingItem>;
  /** Groups that were ticked to be made where they are missing, by source id in small letters. */
  readonly newGroups: ReadonlyMap<string, SettledGroup>;
}

export interface SurroundingObject {
  readonly type: PolicyType;
  readonly graphId: string;
  readonly name: string;
}

export interface SurroundingItem {
  readonly versionId: string;
  /** What it will be in the target: an object that is there, or one that the restore makes. */
  readonly becomes: 'match' | 'created' | 'nothing';
  readonly graphId: string | null;
}

/** What has become of a tick: the group is made, or one is there already, or it cannot be made. */
export type SettledGroup =
  | { readonly action: 'create' }
  | { readonly action: 'exists'; readonly graphId: string }
  | { readonly action: 'blocked'; readonly code: ErrorCode };

export interface ResolvedReferences {
  /** As `mapReferences` takes it: by `kind:id`; null is without a counterpart. */
  readonly mapping: ReadonlyMap<string, string | null>;
  /** Items that must come first, by version. */
  readonly dependsOn: readonly string[];
  /** Ids that were taken over without a look whether they exist. */
  readonly unchecked: readonly FoundReference[];
  /** Groups that were ticked and cannot be made: what names one is not restored without it. */
  readonly refused: readonly RefusedReference[];
  /** What became of each, for people who map them. */
  readonly resolved: readonly ResolvedReference[];
}

export interface RefusedReference {
  readonly reference: FoundReference;
  readonly code: ErrorCode;
}

export interface ResolvedReference {
  readonly kind: string;
  /** In small letters. */
  readonly id: string;
  /** What the source calls it. */
  readonly name: string | null;
  readonly how: ReferenceHow;
  readonly target: string | null;
}

/**
 * Finds for each id of a body what it means in the target: as mapped by hand, as another item of
 * the restore becomes, by the same id, by the only object of the same name, as a group that the
 * restore makes; else nothing, and what names it is left out.
 */
export function resolveReferences(
  references: readonly FoundReference[],
  around: Surroundings,
): ResolvedReferences {
  const mapping = new Map<string, string | null>();
  const dependsOn = new Set<string>();
  const unchecked: FoundReference[] = [];
  const refused: RefusedReference[] = [];
  const resolved = new Map<string, ResolvedReference>();
  for (const reference of references) {
    const { id: target, how, item, refusal } = resolveOne(reference, around);
    mapping.set(`${reference.to}:${reference.id}`, target);
    if (item !== undefined) dependsOn.add(item);
    if (how === 'unchecked') unchecked.push(reference);
    if (refusal !== undefined) refused.push({ reference, code: refusal });
    const [kind, key, id] = [reference.to, keyOf(reference.to, reference.id), reference.id];
    const name = around.sourceNames.get(key) ?? null;
    resolved.set(key, { kind, id: id.toLowerCase(), name, how, target });
  }
  const rest = { unchecked, refused, resolved: [...resolved.values()] };
  return { mapping, dependsOn: [...dependsOn].sort(), ...rest };
}

interface Resolved {
  readonly id: string | null;
  readonly how: ReferenceHow;
  /** The item of the restore that comes first, by version. */
  readonly item?: string;
  /** Why a group that was ticked is not made. */
  readonly refusal?: ErrorCode;
}

function resolveOne(reference: FoundReference, around: Surroundings): Resolved {
  const { to, id } = reference;
  const key = keyOf(to, id);
  const asWritten = around.mapping[`${to}:${id}`];
  const byHand = asWritten === undefined ? around.mapping[key] : asWritten;
  if (byHand === null) return LEFT_OUT_BY_HAND;
  if (byHand !== undefined) return isThere(reference, byHand, around);
  const item = around.items.get(key);
  if (item?.becomes === 'created') {
    return { id: pendingId(item.versionId), how: 'restore_item', item: item.versionId };
  }
  if (item?.becomes === 'match') {
    return { id: item.graphId, how: 'restore_item', item: item.versionId };
  }
  if (to === 'group') return resolveGroup(id, around);
  const type = POLICY_TYPES.find((each) => each === to);
  if (type !== undefined) return resolveObject(type, id, around);
  // Nothing of the rest can be looked up here; where it does not exist, Graph refuses the request.
  return around.idsHold || GLOBAL_KINDS.has(to) ? { id, how: 'unchecked' } : NOTHING;
}

const NOTHING: Resolved = { id: null, how: 'nothing' };
const LEFT_OUT_BY_HAND: Resolved = { id: null, how: 'by_hand' };

/** What a person mapped to must exist, where that can be known. */
function isThere({ to }: FoundReference, id: string, around: Surroundings): Resolved {
  if (to === 'group') {
    if (around.groups === null) return { id, how: 'unchecked' };
    return around.groups.has(id.toLowerCase()) ? { id, how: 'by_hand' } : NOTHING;
  }
  if (around.unlisted.has(to) || !POLICY_TYPES.some((type) => type === to)) {
    return { id, how: 'unchecked' };
  }
  const isKnown = around.objects.some(({ type, graphId }) => type === to && graphId === id);
  return isKnown ? { id, how: 'by_hand' } : NOTHING;
}

function resolveGroup(id: string, around: Surroundings): Resolved {
  const { groups, idsHold } = around;
  const ticked = around.newGroups.get(id.toLowerCase());
  if (ticked?.action === 'blocked') return { ...NOTHING, refusal: ticked.code };
  if (groups === null) return idsHold ? { id, how: 'unchecked' } : NOTHING;
  if (idsHold && groups.has(id.toLowerCase())) return { id, how: 'same_id' };
  if (ticked?.action === 'create') return { id: newGroupId(id), how: 'new_group' };
  if (ticked?.action === 'exists') return { id: ticked.graphId, how: 'same_name' };
  const name = around.sourceNames.get(keyOf('group', id));
  const named = [...groups].filter(([, each]) => each === name);
  const [only] = named;
  const isOnly = only !== undefined && named.length === 1;
  return isOnly ? { id: only[0], how: 'same_name' } : NOTHING;
}

function resolveObject(type: PolicyType, id: string, around: Surroundings): Resolved {
  if (around.unlisted.has(type)) {
    return around.idsHold ? { id, how: 'unchecked' } : NOTHING;
  }
  const ofType = around.objects.filter((object) => object.type === type);
  if (around.idsHold && ofType.some(({ graphId }) => graphId === id)) {
    return { id, how: 'same_id' };
  }
  const name = around.sourceNames.get(keyOf(type, id));
  const named = ofType.filter((object) => object.name === name);
  const [only] = named;
  const isOnly = only !== undefined && named.length === 1;
  return isOnly ? { id: only.graphId, how: 'same_name' } : NOTHING;
}

/** Applications of Microsoft bear the same id in every tenant; of others, Graph tells. */
const GLOBAL_KINDS: ReadonlySet<string> = new Set(['application']);

/**
 * Stands in a request for an object that the restore creates before; the id is put there when it
 * is known.
 */
export function pendingId(versionId: string): string {
  return `${PENDING}${versionId}`;
}

const PENDING = 'restore-item:';

export function isPendingId(id: string): boolean {
  return id.startsWith(PENDING);
}

/** Graph compares ids without regard to case. */
export function keyOf(kind: string, id: string): string {
  return `${kind}:${id.toLowerCase()}`;
}

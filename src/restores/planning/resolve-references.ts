import { POLICY_TYPES, type PolicyType } from '../../graph/contracts/list.ts';
import type { FoundReference } from '../../graph/writing/references.ts';
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

export interface ResolvedReferences {
  /** As `mapReferences` takes it: by `kind:id`; null is without a counterpart. */
  readonly mapping: ReadonlyMap<string, string | null>;
  /** Items that must come first, by version. */
  readonly dependsOn: readonly string[];
  /** Ids that were taken over without a look whether they exist. */
  readonly unchecked: readonly FoundReference[];
}

/**
 * Finds for each id of a body what it means in the target: as mapped by hand, as another item of
 * the restore becomes, by the same id, by the only object of the same name; else nothing, and what
 * names it is left out.
 */
export function resolveReferences(
  references: readonly FoundReference[],
  around: Surroundings,
): ResolvedReferences {
  const mapping = new Map<string, string | null>();
  const dependsOn = new Set<string>();
  const unchecked: FoundReference[] = [];
  for (const reference of references) {
    const found = resolveOne(reference, around);
    mapping.set(`${reference.to}:${reference.id}`, found.id);
    if (found.item !== undefined) dependsOn.add(found.item);
    if (found.isUnchecked) unchecked.push(reference);
  }
  return { mapping, dependsOn: [...dependsOn].sort(), unchecked };
}

interface Resolved {
  readonly id: string | null;
  readonly item?: string;
  readonly isUnchecked?: boolean;
}

function resolveOne(reference: FoundReference, around: Surroundings): Resolved {
  const { to, id } = reference;
  const key = keyOf(to, id);
  const asWritten = around.mapping[`${to}:${id}`];
  const byHand = asWritten === undefined ? around.mapping[key] : asWritten;
  if (byHand === null) return NOTHING;
  if (byHand !== undefined) return isThere(reference, byHand, around);
  const item = around.items.get(key);
  if (item?.becomes === 'created') {
    return { id: pendingId(item.versionId), item: item.versionId };
  }
  if (item?.becomes === 'match') return { id: item.graphId, item: item.versionId };
  if (to === 'group') return resolveGroup(id, around);
  const type = POLICY_TYPES.find((each) => each === to);
  if (type !== undefined) return resolveObject(type, id, around);
  // Nothing of the rest can be looked up here; where it does not exist, Graph refuses the request.
  return around.idsHold || GLOBAL_KINDS.has(to) ? { id, isUnchecked: true } : NOTHING;
}

const NOTHING: Resolved = { id: null };

/** What a person mapped to must exist, where that can be known. */
function isThere({ to }: FoundReference, id: string, around: Surroundings): Resolved {
  if (to === 'group') {
    if (around.groups === null) return { id, isUnchecked: true };
    return around.groups.has(id.toLowerCase()) ? { id } : NOTHING;
  }
  if (around.unlisted.has(to) || !POLICY_TYPES.some((type) => type === to)) {
    return { id, isUnchecked: true };
  }
  const isKnown = around.objects.some(({ type, graphId }) => type === to && graphId === id);
  return isKnown ? { id } : NOTHING;
}

function resolveGroup(id: string, around: Surroundings): Resolved {
  const { groups, idsHold } = around;
  if (groups === null) return idsHold ? { id, isUnchecked: true } : NOTHING;
  if (idsHold && groups.has(id.toLowerCase())) return { id };
  const name = around.sourceNames.get(keyOf('group', id));
  const named = [...groups].filter(([, each]) => each === name);
  const [only] = named;
  return only !== undefined && named.length === 1 ? { id: only[0] } : NOTHING;
}

function resolveObject(type: PolicyType, id: string, around: Surroundings): Resolved {
  if (around.unlisted.has(type)) {
    return around.idsHold ? { id, isUnchecked: true } : NOTHING;
  }
  const ofType = around.objects.filter((object) => object.type === type);
  if (around.idsHold && ofType.some(({ graphId }) => graphId === id)) return { id };
  const name = around.sourceNames.get(keyOf(type, id));
  const named = ofType.filter((object) => object.name === name);
  const [only] = named;
  return only !== undefined && named.length === 1 ? { id: only.graphId } : NOTHING;
}

/** Applications of Microsoft bear the same id in every tenant; of others, Graph tells. */
const GLOBAL_KINDS: ReadonlySet<string> = new Set(['application']);

/**
 * Stands in a request for an object that the restore creates before; the id is put there when it
 * is known.
 */
export function pendingId(versionId: string): string {
  return `restore-item:${versionId}`;
}

/** Graph compares ids without regard to case. */
export function keyOf(kind: string, id: string): string {
  return `${kind}:${id.toLowerCase()}`;
}

import { contractOf, POLICY_TYPES, type PolicyType } from '../../graph/contracts/list.ts';

/** What the order of an item depends on. */
export interface ItemToOrder {
  readonly id: string;
  readonly type: PolicyType;
  readonly name: string;
  readonly dependsOn: readonly string[];
}

export interface ItemOrder {
  /** Every item, each after those that it needs. */
  readonly ids: readonly string[];
  /** Items that need themselves by a detour, and those behind them; they come last. */
  readonly inCycle: ReadonlySet<string>;
}

/**
 * The order in which items are written: types that others refer to first, and within that each item
 * after those that it names; among equals by name, so that the order is always the same.
 */
export function orderItems(items: readonly ItemToOrder[]): ItemOrder {
  const waiting = new Map(items.map((item) => [item.id, new Set<string>()]));
  const waitedFor = new Map<string, string[]>();
  for (const { id, dependsOn } of items) {
    for (const first of dependsOn.filter((each) => each !== id && waiting.has(each))) {
      waiting.get(id)?.add(first);
      waitedFor.set(first, [...(waitedFor.get(first) ?? []), id]);
    }
  }
  const sorted = items.toSorted(compareItems).map(({ id }) => id);
  const ids: string[] = [];
  let ready = sorted.filter((id) => waiting.get(id)?.size === 0);
  while (ready.length > 0) {
    ids.push(...ready);
    const freed = new Set<string>();
    for (const id of ready) {
      for (const next of waitedFor.get(id) ?? []) {
        waiting.get(next)?.delete(id);
        if (waiting.get(next)?.size === 0) freed.add(next);
      }
    }
    ready = [...freed];
  }
  const place = new Map(sorted.map((id, at) => [id, at]));
  const done = new Set(ids);
  const inCycle = sorted.filter((id) => !done.has(id));
  return { ids: [...settleLevels(items, ids, place), ...inCycle], inCycle: new Set(inCycle) };
}

/** Each item as early as its type says, but after what it needs. */
function settleLevels(
  items: readonly ItemToOrder[],
  ids: readonly string[],
  place: ReadonlyMap<string, number>,
): string[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const level = new Map<string, number>();
  for (const id of ids) {
    const item = byId.get(id);
    if (item === undefined) continue;
    const needed = item.dependsOn.map((first) => (level.get(first) ?? -1) + 1);
    level.set(id, Math.max(rankOf(item.type), ...needed));
  }
  return ids.toSorted(
    (one, other) =>
      (level.get(one) ?? 0) - (level.get(other) ?? 0) ||
      (place.get(one) ?? 0) - (place.get(other) ?? 0),
  );
}

function compareItems(one: ItemToOrder, other: ItemToOrder): number {
  return (
    rankOf(one.type) - rankOf(other.type) ||
    POLICY_TYPES.indexOf(one.type) - POLICY_TYPES.indexOf(other.type) ||
    compareText(one.name, other.name) ||
    compareText(one.id, other.id)
  );
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const ranks = new Map<PolicyType, number>();

/** How many types deep the references of a type go: scope tags 0, filters 1, policies 2. */
function rankOf(type: PolicyType, above: readonly PolicyType[] = []): number {
  const known = ranks.get(type);
  if (known !== undefined) return known;
  const { references } = contractOf(type);
  const named = POLICY_TYPES.filter((each) => references.some(({ to }) => to === each));
  // A type that refers to itself, by whatever detour, is as deep as the rest of it.
  const below = named.filter((each) => each !== type && !above.includes(each));
  const rank = Math.max(-1, ...below.map((each) => rankOf(each, [...above, type]))) + 1;
  if (above.length === 0) ranks.set(type, rank);
  return rank;
}

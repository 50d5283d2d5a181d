import type { SettledGroup } from '../planning/resolve-references.ts';
import type { TickedGroup } from './ticked-groups.ts';

/** A group of the tenant that this preview saw. */
export interface SeenGroup {
  readonly graphId: string;
  readonly name: string;
  readonly nameKey: string;
}

/**
 * What becomes of a tick. A group of the name that is there is used and none is made; when several
 * could be meant, or several would be made of one name, a person decides.
 * @param idsHold whether ids of the source mean the same groups here
 */
export function settleGroup(
  ticked: TickedGroup,
  all: readonly TickedGroup[],
  seen: readonly SeenGroup[],
  idsHold: boolean,
): SettledGroup {
  const { sourceId, name, nameKey } = ticked;
  const isThere = idsHold && seen.some(({ graphId }) => graphId === sourceId);
  if (isThere) return { action: 'exists', graphId: sourceId };
  if (name === null) return { action: 'blocked', code: 'restore.group_unnamed' };
  // The directory compares names without case, so a name in other letters is taken, too.
  const alike = seen.filter((group) => group.nameKey === nameKey);
  const exact = alike.filter((group) => group.name === name);
  const [only] = alike.length === 1 ? alike : exact;
  if (only !== undefined && (alike.length === 1 || exact.length === 1)) {
    return { action: 'exists', graphId: only.graphId };
  }
  const namesakes = all.filter((other) => other.nameKey === nameKey);
  if (alike.length > 0 || namesakes.length > 1) {
    return { action: 'blocked', code: 'restore.group_ambiguous' };
  }
  return { action: 'create' };
}

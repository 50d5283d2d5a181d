import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { LeftOut, ReferenceKind } from '../contracts/define-contract.ts';
import type { PolicyType } from '../contracts/list.ts';
import { mapAssignments } from './map-assignments.ts';
import { mapIds } from './map-ids.ts';

/** An id in a body that belongs to one tenant. */
export interface FoundReference {
  readonly to: ReferenceKind;
  /** Path in the body, in the contract's language: `assignments[].target.groupId`. */
  readonly at: string;
  readonly id: string;
  /** Whom it names is kept out. */
  readonly excludes?: true;
}

export interface UnmappedReference extends FoundReference {
  /** What is not restored for the lack of it. */
  readonly leavesOut: LeftOut;
  /** It would be mapped to a group that is new: nobody is in it, so it keeps nobody out. */
  readonly isToNewGroup?: true;
}

/** A body as it would be in the target. */
export interface MappedBody {
  readonly body: JsonObject;
  readonly unmapped: readonly UnmappedReference[];
  /** False: without what could not be mapped it would mean something else, so it is not written. */
  readonly mayBeWritten: boolean;
  /**
   * `reduced`: some assignments were left out. `left_out`: the body speaks of none any more, so an
   * update leaves the live ones and a create assigns to nobody.
   */
  readonly assignments: 'whole' | 'reduced' | 'left_out';
}

/** Target id by `kind:id`; null or absent when there is none. */
export type ReferenceMapping = ReadonlyMap<string, string | null>;

/** The ids in a body that may mean nothing in another tenant; those that all share are left out. */
export function findReferences(type: PolicyType, body: JsonObject): readonly FoundReference[] {
  return mapIds(type, body, new Map()).unmapped.map(({ leavesOut: _, ...found }) => found);
}

/**
 * Puts the target's ids into a body. What has none is left out as the contract says and reported,
 * and targeting is never widened: see `mapAssignments` for exclusions.
 */
export function mapReferences(
  type: PolicyType,
  body: JsonObject,
  mapping: ReferenceMapping,
): MappedBody {
  const mapped = mapIds(type, body, mapping);
  const { assignments, body: restored } = mapAssignments(type, body, mapped.body);
  const mayBeWritten = mapped.unmapped.every(({ leavesOut }) => leavesOut !== 'item');
  return { body: restored, unmapped: mapped.unmapped, mayBeWritten, assignments };
}

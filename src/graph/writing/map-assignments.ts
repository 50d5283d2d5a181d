import {
  canonicalText,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../kernel/canonical-json.ts';
import { valueAt } from '../body-paths.ts';
import { canonicalBody } from '../canonical-form.ts';
import type { PolicyType } from '../contracts/list.ts';

interface MappedAssignments {
  readonly body: JsonObject;
  readonly assignments: 'whole' | 'reduced' | 'left_out';
}

/**
 * Settles the assignments of a mapped body. An exclusion holds for all that the others include, so
 * when one is lost, whoever it kept out would be reached: then the body speaks of no assignments at
 * all. The same when nothing is left that includes anybody: the empty set would not be the saved
 * one either, and would take a live policy away from everybody.
 */
export function mapAssignments(
  type: PolicyType,
  saved: JsonObject,
  mapped: JsonObject,
): MappedAssignments {
  const before = assignmentsIn(saved);
  const after = assignmentsIn(mapped);
  const wasReduced = after.length < before.length;
  const hasLostExclusion = count(after, isExclusion) < count(before, isExclusion);
  const includesNobody = after.every(isExclusion);
  if (wasReduced && (hasLostExclusion || includesNobody)) {
    const { assignments: _, ...rest } = mapped;
    return { body: canonicalBody(type, rest), assignments: 'left_out' };
  }
  const body = 'assignments' in mapped ? { ...mapped, assignments: withoutRepeats(after) } : mapped;
  return { body: canonicalBody(type, body), assignments: wasReduced ? 'reduced' : 'whole' };
}

function assignmentsIn(body: JsonObject): readonly JsonValue[] {
  const assignments = body['assignments'];
  return Array.isArray(assignments) ? assignments : [];
}

function isExclusion(assignment: JsonValue): boolean {
  const target = isJsonObject(assignment) ? valueAt(assignment, ['target', '@odata.type']) : null;
  return /exclusion/i.test(String(target));
}

function count(
  assignments: readonly JsonValue[],
  isOne: (assignment: JsonValue) => boolean,
): number {
  return assignments.filter(isOne).length;
}

/** Two groups of the source may have become one. */
function withoutRepeats(assignments: readonly JsonValue[]): readonly JsonValue[] {
  return [...new Map(assignments.map((one) => [canonicalText(one), one])).values()];
}

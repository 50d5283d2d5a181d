import { valueAt } from '../../graph/body-paths.ts';
import { contractOf, type PolicyType } from '../../graph/contracts/list.ts';
import type {
  FoundReference,
  MappedBody,
  UnmappedReference,
} from '../../graph/writing/references.ts';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import type { RefusedReference } from './resolve-references.ts';

/** Something worth knowing before an item is restored; the words follow from the code. */
export interface Warning {
  readonly code: ErrorCode;
  /** Where in the body. */
  readonly at?: string;
  /** What the body refers to, or which permission is meant. */
  readonly kind?: string;
  readonly id?: string;
}

export interface WarningInput {
  readonly type: PolicyType;
  readonly saved: JsonObject;
  readonly mapped: MappedBody;
  readonly unchecked: readonly FoundReference[];
  /** Groups that were to be made for it, and are not. */
  readonly refused: readonly RefusedReference[];
  /** Groups that would be made for it. */
  readonly newGroupIds: readonly string[];
  /** The object as it would be; null when it is left out. */
  readonly result: JsonObject | null;
  /** Something would be sent. */
  readonly isWritten: boolean;
  /** Places of values that Graph hides and nobody entered. */
  readonly missingSecrets: readonly string[];
  /** Places where the live object cannot become the saved one. */
  readonly obstacles: readonly string[];
}

/** What bodies and references tell; what the inventory tells comes from elsewhere. */
export function findWarnings(input: WarningInput): readonly Warning[] {
  const { mapped, unchecked, refused, newGroupIds, missingSecrets, obstacles, result } = input;
  return [
    ...mapped.unmapped.map(warnOfUnmapped),
    ...(mapped.assignments === 'left_out'
      ? [{ code: 'restore.assignments_left_out' } as const]
      : []),
    ...unchecked.map(({ at, to, id }) => ({
      code: 'restore.reference_unchecked' as const,
      at,
      kind: to,
      id,
    })),
    ...refused.map(({ reference: { at, to, id }, code }) => ({ code, at, kind: to, id })),
    ...newGroupIds.map((id) => ({ code: 'restore.group_created' as const, kind: 'group', id })),
    ...missingSecrets.map((at) => ({ code: 'restore.secrets_missing' as const, at })),
    ...obstacles.map((at) => ({ code: 'restore.cannot_become' as const, at })),
    ...(result === null ? [] : warnOfState(input, result)),
  ];
}

function warnOfUnmapped(reference: UnmappedReference): Warning {
  const { to, at, id, leavesOut, isToNewGroup } = reference;
  const place = { at, kind: to, id };
  if (isToNewGroup) return { code: 'restore.group_excludes_nobody', ...place };
  switch (leavesOut) {
    case 'item':
      return { code: 'restore.mapping_missing', ...place };
    case 'element':
      return { code: 'restore.assignment_left_out', ...place };
    case 'value':
    case 'property':
      return { code: 'restore.property_left_out', ...place };
    default:
      return leavesOut satisfies never;
  }
}

/** Types that can be switched on: whether that is held back, or might lock everybody out. */
function warnOfState({ type, saved, isWritten }: WarningInput, result: JsonObject): Warning[] {
  const { state } = contractOf(type).writing;
  if (state === undefined) return [];
  if (result[state.at] !== saved[state.at]) return [{ code: 'restore.state_held_back' }];
  const isOn = isWritten && result[state.at] === state.enabled;
  return isOn && excludesNobody(result) ? [{ code: 'restore.no_break_glass' }] : [];
}

/** An emergency account is excluded by user or by group. */
function excludesNobody(policy: JsonObject): boolean {
  const excluded = ['excludeUsers', 'excludeGroups'].map((list) =>
    valueAt(policy, ['conditions', 'users', list]),
  );
  return excluded.every((list) => !Array.isArray(list) || list.length === 0);
}

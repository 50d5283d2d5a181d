import type { RestoreAction, RestoreRisk } from '../../db/tables/restore-items.ts';
import { walkBody } from '../../graph/body-paths.ts';
import type { Difference } from '../../graph/compare-bodies.ts';
import { compareBodies } from '../../graph/compare-bodies.ts';
import { contractOf, type PolicyType } from '../../graph/contracts/list.ts';
import { type MarkedSteps, placeMarkers } from '../../graph/secrets/place-markers.ts';
import { stateToUpdate } from '../../graph/writing/choose-state.ts';
import { findUpdateObstacles } from '../../graph/writing/obstacles.ts';
import {
  planCreate,
  planDelete,
  planUpdate,
  restoreModeOf,
} from '../../graph/writing/plan-steps.ts';
import {
  type FoundReference,
  type MappedBody,
  mapReferences,
} from '../../graph/writing/references.ts';
import { restorableBody } from '../../graph/writing/sendable-body.ts';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import type { JsonObject, JsonValue } from '../../kernel/canonical-json.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import type { RestoreOptions } from '../restore-input.ts';
import type { Decision } from './match-item.ts';
import type {
  RefusedReference,
  ResolvedReference,
  ResolvedReferences,
} from './resolve-references.ts';
import { findWarnings, type Warning } from './warn-of-item.ts';

/** Everything that an item's preview is made from. */
export interface PreviewInput {
  readonly type: PolicyType;
  readonly saved: JsonObject;
  /** The object that it stands for, as it is now; null when there is none. */
  readonly live: JsonObject | null;
  readonly decision: Decision;
  readonly options: RestoreOptions;
  readonly references: ResolvedReferences;
  /** Ids of the values that were entered for it, by place. */
  readonly entered: ReadonlyMap<string, string>;
}

export interface Preview {
  readonly action: RestoreAction;
  readonly code: ErrorCode | null;
  readonly risk: RestoreRisk;
  readonly warnings: readonly Warning[];
  /** From what is live now to what it would be; none for what is created. */
  readonly differences: readonly Difference[];
  /** With markers in the places of entered values. */
  readonly steps: readonly WriteStep[];
  /** Places of hidden values that the requests carry, entered or not. */
  readonly secretPlaces: readonly string[];
  /** Groups of the source that have to be made before, in small letters. */
  readonly newGroupIds: readonly string[];
}

/** What a restore would do about one item, and exactly how. */
export function previewItem(input: PreviewInput): Preview {
  const { type, saved, live, decision, options, references, entered } = input;
  const mapped = mapReferences(type, saved, references.mapping);
  const marked = placeMarkers(type, saved, stepsOf(input, mapped), entered);
  const { steps } = marked;
  const wanted = live === null ? mapped.body : wantedBody(type, live, mapped.body, options, steps);
  const { action, code } = settle(input, mapped, marked);
  const isUpdate = decision.action === 'update' && live !== null;
  const sent = action === 'create' || action === 'update' ? steps : [];
  const newGroupIds = findNewGroups(references, sent);
  const warnings = findWarnings({
    type,
    saved,
    mapped,
    unchecked: references.unchecked,
    refused: refusedOf(input),
    newGroupIds,
    result: action === 'skip' || action === 'blocked' ? null : resultOf(wanted, steps),
    isWritten: steps.length > 0,
    missingSecrets: code === 'restore.secrets_missing' ? marked.missing : [],
    obstacles: isUpdate ? findUpdateObstacles(type, live, mapped.body) : [],
  });
  const isDelete = action === 'delete';
  const isLess = action === 'unchanged' && warnings.length > 0;
  return {
    action,
    code: isLess ? 'restore.nothing_to_write' : code,
    risk: isDelete ? 'high' : restoreModeOf(type).risk,
    warnings: isDelete ? [] : warnings,
    differences:
      live === null || decision.action === 'create' || isDelete
        ? []
        : compareBodies(type, restorableBody(type, live), restorableBody(type, wanted)),
    steps: isDelete ? steps : sent,
    secretPlaces: action === 'skip' ? [] : marked.needed,
    newGroupIds,
  };
}

/** Of the groups that were ticked, those that the steps name. */
function findNewGroups(
  { resolved }: ResolvedReferences,
  steps: readonly WriteStep[],
): readonly string[] {
  const named = new Set<JsonValue>();
  for (const { body } of steps) {
    walkBody(body, (value) => {
      named.add(value);
      return true;
    });
  }
  const isNamed = ({ how, target }: ResolvedReference) => how === 'new_group' && named.has(target);
  return resolved.filter(isNamed).map(({ id }) => id);
}

/** Ticked groups that cannot be made, where what names them would be written. */
function refusedOf({ options, references }: PreviewInput): readonly RefusedReference[] {
  const isWritten = ({ at }: FoundReference) =>
    options.withAssignments || !at.startsWith('assignments');
  return references.refused.filter(({ reference }) => isWritten(reference));
}

function stepsOf(input: PreviewInput, mapped: MappedBody): readonly WriteStep[] {
  const { type, live, decision, options } = input;
  if (decision.action === 'delete') return planDelete(type);
  if (decision.action === 'create') return planCreate(type, mapped.body, options);
  return live === null ? [] : planUpdate(type, live, mapped.body, options);
}

/** The decision, held against what its requests would carry. */
function settle(
  input: PreviewInput,
  { mayBeWritten }: MappedBody,
  { steps, missing }: MarkedSteps,
): Pick<Preview, 'action' | 'code'> {
  const { decision } = input;
  if (decision.action !== 'create' && decision.action !== 'update') return decision;
  const [refused] = refusedOf(input);
  if (refused !== undefined) return { action: 'blocked', code: refused.code };
  if (steps.length === 0) {
    if (decision.action === 'create') return { action: 'blocked', code: 'restore.update_only' };
    return { action: 'unchanged', code: 'restore.unchanged' };
  }
  if (!mayBeWritten) return { action: 'blocked', code: 'restore.mapping_missing' };
  // A hidden value that is sent would overwrite the real one.
  return missing.length > 0 ? { action: 'blocked', code: 'restore.secrets_missing' } : decision;
}

/** The live object after the requests: parts that none of them sends stay as they are. */
function wantedBody(
  type: PolicyType,
  live: JsonObject,
  mapped: JsonObject,
  options: RestoreOptions,
  steps: readonly WriteStep[],
): JsonObject {
  const contract = contractOf(type);
  const untouched = contract.writing.actions
    .filter(({ step }) => !steps.some(({ name }) => name === step))
    .filter(({ part }) => Object.hasOwn(live, part))
    .map(({ part }): [string, JsonObject[string]] => [part, live[part] ?? null]);
  return {
    ...live,
    ...mapped,
    ...stateToUpdate(contract, live, mapped, options),
    ...Object.fromEntries(untouched),
  };
}

/** What the object would say of itself: a create's own request knows best. */
function resultOf(wanted: JsonObject, steps: readonly WriteStep[]): JsonObject {
  const created = steps.find(({ isCreate }) => isCreate);
  return created === undefined ? wanted : created.body;
}

import {
  canonicalText,
  type JsonObject,
  type JsonValue,
  sha256Hex,
} from '../../kernel/canonical-json.ts';
import { textAt } from '../body-paths.ts';
import { canonicalBody } from '../canonical-form.ts';
import type { Contract } from '../contracts/define-contract.ts';
import { CONTRACTS, contractOf, type PolicyType } from '../contracts/list.ts';
import type { PartAction, RestoreMode } from '../contracts/writing-rules.ts';
import { stateToCreate, stateToUpdate } from './choose-state.ts';
import { bodyToCreate, bodyToUpdate, isSameJson } from './sendable-body.ts';
import { elementsOf } from './sendable-parts.ts';
import type { WriteStep } from './write-step.ts';

/** What a person chose about how an item is written. */
export interface WriteChoices {
  readonly withAssignments: boolean;
  /** Put before the name of what is created; a match keeps the saved name. */
  readonly namePrefix: string;
  /** How a Conditional Access policy comes back. */
  readonly conditionalAccessState: 'disabled' | 'reportOnly' | 'asSaved';
}

/**
 * The requests that make a new object of a saved body, in their order. None for an object that
 * every tenant has (`isDefaultObject`): it is updated only. Hidden secrets are not in them, see
 * `placeMarkers`.
 */
export function planCreate(
  type: PolicyType,
  stored: JsonObject,
  choices: WriteChoices,
): readonly WriteStep[] {
  if (isDefaultObject(type, stored)) return [];
  const contract = contractOf(type);
  const saved = canonicalBody(type, stored);
  const body = { ...bodyToCreate(type, saved), ...stateToCreate(contract, saved, choices) };
  const name = textAt(saved, contract.nameProperty);
  const create: WriteStep = {
    name: 'create',
    method: 'POST',
    path: contract.path,
    body: name === null ? body : { ...body, [contract.nameProperty]: choices.namePrefix + name },
    isCreate: true,
  };
  const actions = contract.writing.actions
    .filter((action) => !action.isInCreate && isWanted(action, choices))
    .map((action) => ({ action, elements: elementsOf(action, saved) ?? [] }))
    .filter(({ elements }) => elements.length > 0)
    .map(({ action, elements }) => actionStep(contract, action, elements));
  return [create, ...actions];
}

/**
 * The requests that bring a live object back to a saved body, the object before its assignments;
 * none when nothing differs that a restore can bring back. What the saved body does not speak of
 * (newer properties, assignments that could not be mapped) stays as it is. What cannot be brought
 * back is told by `findUpdateObstacles`.
 */
export function planUpdate(
  type: PolicyType,
  liveNow: JsonObject,
  stored: JsonObject,
  choices: WriteChoices,
): readonly WriteStep[] {
  const contract = contractOf(type);
  const live = canonicalBody(type, liveNow);
  const saved = canonicalBody(type, stored);
  const actions = contract.writing.actions
    .filter((action) => isWanted(action, choices))
    .flatMap((action) => {
      const elements = elementsOf(action, saved);
      if (elements === undefined || isSameJson(elements, elementsOf(action, live) ?? [])) return [];
      return [actionStep(contract, action, elements)];
    });
  return [...planBodyUpdate(contract, live, saved, choices), ...actions];
}

/** The request that takes an object away. */
export function planDelete(type: PolicyType): readonly WriteStep[] {
  const path = `${contractOf(type).path}/{id}`;
  return [{ name: 'delete', method: 'DELETE', path, body: {}, isCreate: false }];
}

/** An object that Graph has made itself in every tenant, such as scope tag "0". */
export function isDefaultObject(type: PolicyType, body: JsonObject): boolean {
  const { isDefault } = contractOf(type).writing;
  return isDefault !== undefined && body[isDefault] === true;
}

/** How far objects of this type can be restored, why no further, and what a mistake costs. */
export function restoreModeOf(type: PolicyType): RestoreMode {
  return contractOf(type).writing.restore;
}

/** Raised when the same contracts and bodies give other requests than before. */
const PLANNING_REVISION = 2;

/** Names what plans are made by: another value makes them stale. */
export const CONTRACTS_VERSION: string = versionOf(CONTRACTS);

/** Contracts are data, so their text is all there is to them. */
export function versionOf(contracts: readonly object[]): string {
  const data: JsonValue = JSON.parse(JSON.stringify(contracts));
  return sha256Hex(canonicalText([PLANNING_REVISION, data]));
}

function planBodyUpdate(
  contract: Contract<PolicyType>,
  live: JsonObject,
  saved: JsonObject,
  choices: WriteChoices,
): WriteStep[] {
  const { type, writing } = contract;
  const before = bodyToUpdate(type, live, saved);
  const wanted = { ...saved, ...stateToUpdate(contract, live, saved, choices) };
  const after = withoutFixed(contract, bodyToUpdate(type, wanted, live));
  const changed = Object.entries(after).filter(([key, value]) => !isSameJson(before[key], value));
  if (changed.length === 0) return [];
  const path = `${contract.path}/{id}`;
  if (writing.update === 'whole') {
    const body = { ...before, ...after };
    return [{ name: 'replace', method: 'PUT', path, body, isCreate: false }];
  }
  const always = Object.entries(before).filter(([key]) => writing.alwaysSent.includes(key));
  const body = Object.fromEntries([...always, ...changed]);
  return [{ name: 'update', method: 'PATCH', path, body, isCreate: false }];
}

/** What is decided at creation is not sent to a match: a whole PUT repeats the live value. */
function withoutFixed({ writing }: Contract, body: JsonObject): JsonObject {
  const tops = new Set(writing.fixed.map((path) => path.split('.')[0] ?? path));
  return Object.fromEntries(Object.entries(body).filter(([key]) => !tops.has(key)));
}

function isWanted(action: PartAction, choices: WriteChoices): boolean {
  return action.step !== 'assign' || choices.withAssignments;
}

function actionStep(
  { path }: Contract,
  { step, action, bodyKey }: PartAction,
  elements: readonly JsonValue[],
): WriteStep {
  return {
    name: step,
    method: 'POST',
    path: `${path}/{id}/${action}`,
    body: { [bodyKey]: elements },
    isCreate: false,
  };
}

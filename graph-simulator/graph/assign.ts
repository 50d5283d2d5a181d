import type { Kind } from '../kinds/kind.ts';
import type { StoredObject } from '../state/stored-object.ts';
import { isObject, type JsonObject, objectsOf, textOf } from '../values/json.ts';
import { badRequest, noRoute } from './errors.ts';
import type { Answer, GraphCall } from './graph-call.ts';
import { contextOf } from './shape.ts';
import { touchObject, withRuleIds } from './write-object.ts';

/** What Intune calls all devices and all users in an assignment's id. */
const EVERYONE: Readonly<Record<string, string>> = {
  '#microsoft.graph.allDevicesAssignmentTarget': 'adadadad-808e-44e2-905a-0b7873a8a531',
  '#microsoft.graph.allLicensedUsersAssignmentTarget': 'acacacac-9df4-4c7d-9d50-4ef0226f57a9',
};
const TO_GROUP = new Set([
  '#microsoft.graph.groupAssignmentTarget',
  '#microsoft.graph.exclusionGroupAssignmentTarget',
]);
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** POST {id}/assign: REPLACES the set; an empty list takes all away. */
export function assignObject(kind: Kind, call: GraphCall, stored: StoredObject): Answer {
  if (!isObject(call.body) || !Array.isArray(call.body['assignments'])) {
    return badRequest(call, 'The assignments field is required.', 'ModelValidationFailure');
  }
  const sent = objectsOf(call.body['assignments']).map((assignment) => assignment['target']);
  const targets: JsonObject[] = [];
  for (const target of sent) {
    if (!isObject(target) || targetId(target) === undefined) {
      return badRequest(call, 'The assignment target is not valid.', 'ModelValidationFailure');
    }
    targets.push(target);
  }
  // Neither the modification time nor the version moves: an assignment is no part of the body.
  const assignments = targets.map((target) => assignmentOf(stored.id, target));
  stored.parts.set('assignments', assignments);
  return {
    status: 200,
    headers: {},
    body: {
      '@odata.context': contextOf(call, `Collection(microsoft.graph.${kind.entity}Assignment)`),
      value: assignments,
    },
  };
}

/** Actions that replace another part, such as the scheduled actions of a compliance policy. */
export function replacePart(
  kind: Kind,
  call: GraphCall,
  stored: StoredObject,
  action: string,
): Answer {
  const replacer = kind.replacers?.[action];
  if (replacer === undefined) return noRoute(call);
  if (!isObject(call.body) || !Array.isArray(call.body[replacer.key])) {
    return badRequest(call, `The ${replacer.key} field is required.`, 'ModelValidationFailure');
  }
  stored.parts.set(replacer.part, withRuleIds(stored.id, objectsOf(call.body[replacer.key])));
  touchObject(kind, stored);
  return { status: 204, headers: {}, body: undefined };
}

/** An assignment as Intune keeps it: its id is made of the policy's and the target's. */
export function assignmentOf(policyId: string, target: JsonObject): JsonObject {
  return {
    id: `${policyId}_${targetId(target) ?? ''}`,
    source: 'direct',
    sourceId: policyId,
    target: {
      deviceAndAppManagementAssignmentFilterId: null,
      deviceAndAppManagementAssignmentFilterType: 'none',
      ...target,
    },
  };
}

function targetId(target: JsonObject): string | undefined {
  const type = textOf(target['@odata.type']) ?? '';
  if (EVERYONE[type] !== undefined) return EVERYONE[type];
  const groupId = textOf(target['groupId']);
  return TO_GROUP.has(type) && groupId !== undefined && GUID.test(groupId) ? groupId : undefined;
}

import type { Kind, Refusal } from '../kinds/kind.ts';
import { addObject, type Collection, removeObject } from '../state/collection.ts';
import { withKnowledge } from '../state/service-knowledge.ts';
import { refreshStored, type StoredObject, wholeObject } from '../state/stored-object.ts';
import { collectionOf, nextObjectId, type Tenant } from '../state/tenant.ts';
import type { World } from '../state/world.ts';
import { isObject, type JsonObject, objectsOf, omitKeys } from '../values/json.ts';
import { nowText } from '../values/time.ts';
import { badRequest, familyError } from './errors.ts';
import type { Answer, GraphCall } from './graph-call.ts';
import { readObject } from './read-collection.ts';

/** POST to a collection: a new object with a new id. */
export function createObject(world: World, tenant: Tenant, kind: Kind, call: GraphCall): Answer {
  if (!isObject(call.body)) return badRequest(call, 'Empty Payload. JSON content expected.');
  const refusal = kind.refuseCreate?.(call.body);
  if (refusal !== undefined) return refuse(call, kind, refusal);
  const collection = collectionOf(tenant, kind);
  const id = nextObjectId(world.seed, tenant, collection);
  const sent = omitKeys(call.body, [...kind.readOnly, 'assignments']);
  const known = withKnowledge(world.knowledge, kind, sent);
  const whole: JsonObject = { ...kind.defaults, ...known, id, ...stamps(kind) };
  if (kind.hasVersion) whole['version'] = 1;
  const stored = addObject(collection, whole);
  nameRules(stored);
  const answer = readObject(world, kind, { ...call, query: new URLSearchParams() }, stored);
  const location = `${call.origin}/${call.version}/${kind.path}('${id}')`;
  return { ...answer, status: kind.status.create ?? 201, headers: { location } };
}

/** PATCH: the given properties replace the old ones. */
export function patchObject(
  world: World,
  kind: Kind,
  call: GraphCall,
  stored: StoredObject,
): Answer {
  if (!isObject(call.body)) return badRequest(call, 'Empty Payload. JSON content expected.');
  const refusal = kind.refusePatch?.(call.body);
  if (refusal !== undefined) return refuse(call, kind, refusal);
  const parts = kind.parts.map((part) => part.name);
  const sent = omitKeys(call.body, [...kind.readOnly, ...parts]);
  // Whoever sends a mask back overwrites the secret behind it.
  if ('omaSettings' in sent) stored.secrets.clear();
  stored.body = { ...stored.body, ...withKnowledge(world.knowledge, kind, sent) };
  touchObject(kind, stored);
  return written(world, kind, call, stored, kind.status.patch);
}

/** PUT: the whole body; what is not sent is gone. Assignments stay. */
export function putObject(world: World, kind: Kind, call: GraphCall, stored: StoredObject): Answer {
  if (!isObject(call.body)) return badRequest(call, 'Empty Payload. JSON content expected.');
  const refusal = kind.refuseCreate?.(call.body);
  if (refusal !== undefined) return refuse(call, kind, refusal);
  const kept: JsonObject = {};
  for (const key of kind.readOnly) {
    const value = stored.body[key];
    if (value !== undefined) kept[key] = value;
  }
  const parts = kind.parts.map((part) => part.name);
  const sent = omitKeys(call.body, [...kind.readOnly, ...parts]);
  stored.body = { ...kind.defaults, ...withKnowledge(world.knowledge, kind, sent), ...kept };
  stored.parts.set('settings', objectsOf(call.body['settings']));
  touchObject(kind, stored);
  return written(world, kind, call, stored, kind.status.put);
}

/** DELETE. */
export function deleteObject(
  collection: Collection,
  call: GraphCall,
  stored: StoredObject,
): Answer {
  const refusal = collection.kind.refuseRemove?.(stored.body);
  if (refusal !== undefined) return refuse(call, collection.kind, refusal);
  removeObject(collection, stored.id);
  return { status: 204, headers: {}, body: undefined };
}

/** After a change: the modification time moves, the version grows, what is derived is renewed. */
export function touchObject(kind: Kind, stored: StoredObject): void {
  if (kind.modifiedKey !== null) stored.body[kind.modifiedKey] = nowText();
  const version = stored.body['version'];
  if (kind.hasVersion && typeof version === 'number') stored.body['version'] = version + 1;
  refreshStored(kind, stored);
}

/** Replaces an object's top-level properties and parts, as an admin in the portal would. */
export function editObject(kind: Kind, stored: StoredObject, changes: JsonObject): JsonObject {
  const names = kind.parts.map((part) => part.name);
  for (const name of names) {
    if (name in changes) stored.parts.set(name, objectsOf(changes[name]));
  }
  stored.body = { ...stored.body, ...omitKeys(changes, [...names, 'id']) };
  touchObject(kind, stored);
  return wholeObject(stored);
}

/** What the service sets on a new object. */
export function stamps(kind: Kind): JsonObject {
  const now = nowText();
  if (kind.modifiedKey === null) return {};
  // Conditional Access leaves the modification time empty until there was one.
  const modified = kind.modifiedKey === 'modifiedDateTime' ? null : now;
  return { createdDateTime: now, [kind.modifiedKey]: modified };
}

function written(
  world: World,
  kind: Kind,
  call: GraphCall,
  stored: StoredObject,
  status: 200 | 204 | null,
): Answer {
  if (status === 204) return { status, headers: {}, body: undefined };
  return readObject(world, kind, { ...call, query: new URLSearchParams() }, stored);
}

/** Scheduled rules and their actions get ids of their own, the rule that of its policy. */
function nameRules(stored: StoredObject): void {
  const rules = stored.parts.get('scheduledActionsForRule');
  if (rules === undefined) return;
  stored.parts.set('scheduledActionsForRule', withRuleIds(stored.id, rules));
}

/** Rules with the ids that the service gives. */
export function withRuleIds(policyId: string, rules: readonly JsonObject[]): JsonObject[] {
  return rules.map((rule) => ({
    ...rule,
    id: policyId,
    scheduledActionConfigurations: objectsOf(rule['scheduledActionConfigurations']).map(
      (action, at) => ({
        ...action,
        id: `${policyId.slice(0, 24)}${String(at).padStart(12, '0')}`,
      }),
    ),
  }));
}

function refuse(call: GraphCall, kind: Kind, refusal: Refusal): Answer {
  return familyError(call, kind.family, refusal);
}

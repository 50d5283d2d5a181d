import type { Kind } from '../kinds/kind.ts';
import { findObject } from '../state/collection.ts';
import type { StoredObject } from '../state/stored-object.ts';
import { collectionOf, type Tenant } from '../state/tenant.ts';
import type { World } from '../state/world.ts';
import { isObject, textsOf } from '../values/json.ts';
import { nowMs } from '../values/time.ts';
import { assignObject, replacePart } from './assign.ts';
import { badRequest, graphError, methodNotAllowed, noRoute, notFound } from './errors.ts';
import type { Answer, Caller, GraphCall } from './graph-call.ts';
import { refuseMissingPermission } from './permissions.ts';
import { readCollection, readObject, readPart } from './read-collection.ts';
import { QueryError } from './read-query.ts';
import type { Route } from './route.ts';
import { contextOf } from './shape.ts';
import { createObject, deleteObject, patchObject, putObject } from './write-object.ts';

/** Does what a request asks for: the well-behaved core, without throttling and faults. */
export function answerGraph(world: World, caller: Caller, call: GraphCall, route: Route): Answer {
  if (route.to === 'nothing') return noRoute(call);
  const isWrite = call.method !== 'GET' && route.to !== 'getByIds';
  const refusal = refuseMissingPermission(call, caller, route.kind, isWrite);
  if (refusal !== undefined) return refusal;
  try {
    return answerRoute(world, caller.tenant, call, route);
  } catch (error) {
    if (error instanceof QueryError) return badRequest(call, error.message);
    throw error;
  }
}

function answerRoute(world: World, tenant: Tenant, call: GraphCall, route: Route): Answer {
  switch (route.to) {
    case 'nothing':
      return noRoute(call);
    case 'getByIds':
      return getByIds(tenant, route.kind, call);
    case 'collection':
      return answerCollection(world, tenant, call, route.kind);
    case 'object':
    case 'member': {
      const stored = findObject(collectionOf(tenant, route.kind), route.id);
      if (stored === undefined || stored.visibleInGetAtMs > nowMs()) {
        return notFound(call, route.kind.family, route.id);
      }
      return route.to === 'object'
        ? answerObject(world, tenant, call, route.kind, stored)
        : answerMember(world, call, route, stored);
    }
  }
}

function answerCollection(world: World, tenant: Tenant, call: GraphCall, kind: Kind): Answer {
  if (call.method === 'GET') return readCollection(world, tenant, kind, call);
  if (call.method === 'POST' && kind.status.create !== null) {
    return createObject(world, tenant, kind, call);
  }
  return methodNotAllowed(call, kind.family);
}

function answerObject(
  world: World,
  tenant: Tenant,
  call: GraphCall,
  kind: Kind,
  stored: StoredObject,
): Answer {
  const { status } = kind;
  if (call.method === 'GET') return readObject(world, kind, call, stored);
  if (call.method === 'PATCH' && status.patch !== null) {
    return patchObject(world, kind, call, stored);
  }
  if (call.method === 'PUT' && status.put !== null) return putObject(world, kind, call, stored);
  if (call.method === 'DELETE' && status.remove !== null) {
    return deleteObject(collectionOf(tenant, kind), call, stored);
  }
  return methodNotAllowed(call, kind.family);
}

type MemberRoute = Extract<Route, { to: 'member' }>;

function answerMember(
  world: World,
  call: GraphCall,
  route: MemberRoute,
  stored: StoredObject,
): Answer {
  const { kind, member, rest } = route;
  const part = kind.parts.find(
    (candidate) => candidate.name.toLowerCase() === member.toLowerCase(),
  );
  if (part !== undefined && call.method === 'GET') {
    if (rest.length === 0) return readPart(world, kind, part, call, stored);
    return readElement(call, stored, part.name, rest);
  }
  if (call.method === 'POST' && rest.length === 0) {
    if (member === 'assign' && kind.status.assign !== null) return assignObject(kind, call, stored);
    if (kind.replacers?.[member] !== undefined) return replacePart(kind, call, stored, member);
  }
  if (call.method === 'GET' && kind.name === 'deviceConfigurations') {
    return readPlainText(call, stored, member);
  }
  return noRoute(call);
}

/** GET {id}/settings/0 and the like. */
function readElement(
  call: GraphCall,
  stored: StoredObject,
  part: string,
  rest: readonly string[],
): Answer {
  const element = stored.parts.get(part)?.find((candidate) => candidate['id'] === rest[0]);
  if (rest.length !== 1) return noRoute(call);
  if (element === undefined) return notFound(call, 'intune', rest[0] ?? '');
  const context = contextOf(call, `${part}/$entity`);
  return { status: 200, headers: {}, body: { '@odata.context': context, ...element } };
}

/** The value behind a masked OMA-URI setting. */
function readPlainText(call: GraphCall, stored: StoredObject, member: string): Answer {
  const asked = /^getOmaSettingPlainTextValue\(secretReferenceValueId='([^']*)'\)$/i.exec(member);
  if (asked?.[1] === undefined) return noRoute(call);
  const value = stored.secrets.get(asked[1]);
  if (value === undefined) return notFound(call, 'intune', asked[1]);
  return {
    status: 200,
    headers: {},
    body: { '@odata.context': contextOf(call, 'Edm.String'), value },
  };
}

/** POST directoryObjects/getByIds: a read in the shape of a write; unknown ids are left out. */
function getByIds(tenant: Tenant, kind: Kind, call: GraphCall): Answer {
  if (call.method !== 'POST') return methodNotAllowed(call, 'directory');
  const ids = isObject(call.body) ? textsOf(call.body['ids']) : [];
  if (ids.length === 0 || ids.length > 1000) {
    return graphError(call, {
      status: 400,
      code: 'Request_BadRequest',
      message: 'The number of ids must be between 1 and 1000.',
    });
  }
  const collection = collectionOf(tenant, kind);
  const value = ids
    .map((id) => findObject(collection, id))
    .filter((stored) => stored !== undefined)
    .map((stored) => ({ '@odata.type': '#microsoft.graph.group', ...stored.body }));
  return {
    status: 200,
    headers: {},
    body: { '@odata.context': contextOf(call, 'directoryObjects'), value },
  };
}

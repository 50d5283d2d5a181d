import { editObject, stamps } from '../graph/write-object.ts';
import { findKind } from '../kinds/all-kinds.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Simulator } from '../simulator.ts';
import { addObject, type Collection, findObject, removeObject } from '../state/collection.ts';
import { nameOf, type StoredObject, wholeObject } from '../state/stored-object.ts';
import { collectionOf } from '../state/tenant.ts';
import { findTenant } from '../state/world.ts';
import { isObject } from '../values/json.ts';
import { type ControlAnswer, problem, readControlBody } from './control-answer.ts';

/**
 * /_simulator/objects/{tenant}/{collection}[/{id}]: what is stored, in a stable order, and changes
 * as an admin in the portal would make them.
 */
export function answerObjects(
  simulator: Simulator,
  method: string,
  rest: readonly string[],
  query: URLSearchParams,
  text: string | undefined,
): ControlAnswer {
  const [tenantWord = '', kindName = '', id] = rest;
  const tenant = findTenant(simulator.world, tenantWord);
  if (tenant === undefined) return problem(404, `No tenant "${tenantWord}".`);
  const kind = findKind(kindName);
  if (kind === undefined) return problem(404, `No collection "${kindName}".`);
  const collection = collectionOf(tenant, kind);
  const isFull = query.get('full') === '1';
  if (id === undefined) {
    if (method !== 'GET') return problem(405, 'A collection knows GET; objects know the rest.');
    const rows = [...collection.objects.values()].map((stored) => rowOf(kind, stored, isFull));
    return { status: 200, body: { objects: rows } };
  }
  if (method === 'POST') return addByHand(collection, id, text);
  const stored = findObject(collection, id);
  if (stored === undefined) return problem(404, `No object "${id}" in ${kind.name}.`);
  return changeByHand(collection, stored, method, text);
}

function changeByHand(
  collection: Collection,
  stored: StoredObject,
  method: string,
  text: string | undefined,
): ControlAnswer {
  if (method === 'GET') return { status: 200, body: rowOf(collection.kind, stored, true) };
  if (method === 'DELETE') {
    removeObject(collection, stored.id);
    return { status: 200, body: { removed: stored.id } };
  }
  if (method !== 'PATCH') return problem(405, 'An object knows GET, PATCH, POST and DELETE.');
  const changes = readControlBody(text);
  if (!isObject(changes)) return problem(400, 'The body must be a JSON object of top-level keys.');
  editObject(collection.kind, stored, changes);
  return { status: 200, body: rowOf(collection.kind, stored, true) };
}

function addByHand(collection: Collection, id: string, text: string | undefined): ControlAnswer {
  if (findObject(collection, id) !== undefined) return problem(409, `"${id}" exists already.`);
  const body = readControlBody(text);
  if (!isObject(body)) return problem(400, 'The body must be a JSON object.');
  const { kind } = collection;
  const version = kind.hasVersion ? { version: 1 } : {};
  const stored = addObject(collection, {
    ...kind.defaults,
    ...stamps(kind),
    ...version,
    ...body,
    id,
  });
  return { status: 201, body: rowOf(kind, stored, true) };
}

function rowOf(kind: Kind, stored: StoredObject, isFull: boolean) {
  const row = { id: stored.id, name: nameOf(kind, stored) };
  if (!isFull) return row;
  return { ...row, object: wholeObject(stored), secrets: Object.fromEntries(stored.secrets) };
}

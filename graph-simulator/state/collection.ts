import type { Kind } from '../kinds/kind.ts';
import type { JsonObject } from '../values/json.ts';
import { type StoredObject, storedObject } from './stored-object.ts';

/** The objects of one kind in one tenant, in the order of their creation. */
export interface Collection {
  readonly kind: Kind;
  readonly objects: Map<string, StoredObject>;
  orderNext: number;
}

/** An empty collection. */
export function createCollection(kind: Kind): Collection {
  return { kind, objects: new Map(), orderNext: 1 };
}

/** Keeps a whole object, visible at once. Its id must be new in the collection. */
export function addObject(collection: Collection, whole: JsonObject): StoredObject {
  const stored = storedObject(collection.kind, whole, collection.orderNext);
  const key = stored.id.toLowerCase();
  if (key === '' || collection.objects.has(key)) {
    throw new Error(`${collection.kind.name}: id "${stored.id}" is missing or taken`);
  }
  collection.orderNext += 1;
  collection.objects.set(key, stored);
  return stored;
}

/** Ids are compared without case, as Graph does. */
export function findObject(collection: Collection, id: string): StoredObject | undefined {
  return collection.objects.get(id.toLowerCase());
}

/** Forgets an object; false when there is none. */
export function removeObject(collection: Collection, id: string): boolean {
  return collection.objects.delete(id.toLowerCase());
}

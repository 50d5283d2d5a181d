import type { Kind, Part } from '../kinds/kind.ts';
import type { StoredObject } from '../state/stored-object.ts';
import { collectionOf, type Tenant } from '../state/tenant.ts';
import type { World } from '../state/world.ts';
import { seededRandom, shuffle } from '../values/random.ts';
import { nowMs } from '../values/time.ts';
import { compileFilter } from './filter.ts';
import type { Answer, GraphCall } from './graph-call.ts';
import { nextLink, pageBody, readPageMark } from './paging.ts';
import { readQuery } from './read-query.ts';
import { contextOf, partContext, shapeElement, shapeObject, unknownProperty } from './shape.ts';

/** GET of a collection: a page of its objects. */
export function readCollection(world: World, tenant: Tenant, kind: Kind, call: GraphCall): Answer {
  const query = readQuery(call.query);
  const style = kind.family === 'directory' ? 'directory' : 'intune';
  const after = query.skipToken ? readPageMark(call, style, query.skipToken).after : 0;
  const matches = query.filter === undefined ? () => true : compileFilter(query.filter);
  const size = kind.page.honoursTop ? Math.min(query.top ?? kind.page.size, 999) : kind.page.size;
  const now = nowMs();
  const found: StoredObject[] = [];
  for (const stored of collectionOf(tenant, kind).objects.values()) {
    if (stored.order <= after || stored.visibleInListAtMs > now) continue;
    if (matches(stored.body)) found.push(stored);
    // One more than the page tells whether there is a next.
    if (found.length > size) break;
  }
  const page = found.slice(0, size);
  const last = page.at(-1);
  const hasMore = found.length > size && last !== undefined;
  const link = hasMore ? nextLink(call, style, { after: last.order, turn: 0 }) : undefined;
  const shaping = { call, kind, query, isInList: true, random: nextShuffle(world) };
  const value = page.map((stored) => shapeObject(shaping, stored));
  const context = contextOf(call, kind.path);
  return ok(pageBody(context, value, link, kind.countsSettings));
}

/** GET of one object. */
export function readObject(
  world: World,
  kind: Kind,
  call: GraphCall,
  stored: StoredObject,
): Answer {
  const query = readQuery(call.query);
  const shaping = { call, kind, query, isInList: false, random: nextShuffle(world) };
  return ok({
    '@odata.context': contextOf(call, `${kind.path}/$entity`),
    ...shapeObject(shaping, stored),
  });
}

/** GET of a part: its pages share one shuffled order, named in the token. */
export function readPart(
  world: World,
  kind: Kind,
  part: Part,
  call: GraphCall,
  stored: StoredObject,
): Answer {
  const query = readQuery(call.query);
  const style = kind.family === 'directory' ? 'directory' : 'intune';
  const mark = query.skipToken ? readPageMark(call, style, query.skipToken) : undefined;
  const turn = mark?.turn ?? nextTurn(world);
  const after = mark?.after ?? 0;
  const elements = stored.parts.get(part.name) ?? [];
  const shuffled = shuffle(elements, seededRandom(world.seed, turn, stored.id, part.name));
  const end = after + part.pageSize;
  const nested = [...query.expand.keys()];
  for (const name of nested) if (name !== part.nested) throw unknownProperty(kind, name);
  const value = shuffled.slice(after, end).map((element) => shapeElement(part, element, nested));
  const link = end < shuffled.length ? nextLink(call, style, { after: end, turn }) : undefined;
  const context = partContext(call, kind, stored.id, part.name);
  return ok(pageBody(context, value, link, part.name === 'settings'));
}

function nextShuffle(world: World): () => number {
  return seededRandom(world.seed, nextTurn(world));
}

function nextTurn(world: World): number {
  world.shuffles += 1;
  return world.shuffles;
}

function ok(body: Answer['body']): Answer {
  return { status: 200, headers: {}, body };
}

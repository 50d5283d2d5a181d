import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runTypes } from '../src/app/run-types.ts';
import { allRoutes } from '../src/http/all-routes.ts';
import type { Route } from '../src/http/route.ts';
import { newId, tenantIdSchema } from '../src/kernel/ids.ts';
import { RunTypes } from '../src/runs/run-types.ts';
import { type ApiAnswer, type ApiClient, type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { type Cell, cellsOf, expectedAnswer, isInTenant, nameOf } from './setup/matrix-cells.ts';
import { BODIES, type Ids, OTHER_PARAMS, PEOPLE_PARAMS } from './setup/matrix-samples.ts';
import {
  absentRecords,
  malformedRecords,
  ownRecords,
  seedTenant,
  userOf,
} from './setup/matrix-world.ts';
import { testRunTypes } from './setup/test-run-types.ts';

const types = [...testRunTypes, ...runTypes.all()];
const routes = allRoutes(new RunTypes(types));
const forbiddenAnswers = new Set<string>();
const visited = new Set<Route>();
let world: ApiWorld;
let acmeIds: Ids;
let globexIds: Ids;

beforeAll(async () => {
  world = await setupApi(types);
  acmeIds = await seedTenant(world, world.acme);
  globexIds = await seedTenant(world, world.globex, 1);
});
afterAll(() => world.close());

describe('who may do what, to whose records, wherever their ids travel', () => {
  test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    async (_name, route) => {
      const answers: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const cell of cellsOf(route)) {
        const answer = await ask(route, cell);
        const isOk = route.statuses.includes(answer.status);
        expect(answer.text, nameOf(cell)).not.toMatch(foreignIds());
        answers[nameOf(cell)] = isOk ? 'ok' : answer.code;
        expected[nameOf(cell)] = expectedAnswer(route, cell);
        if (!isOk && answer.code === 'forbidden') forbiddenAnswers.add(describeAnswer(answer));
      }
      expect(answers).toEqual(expected);
      visited.add(route);
    },
  );

  test('all that is forbidden is answered byte for byte alike', () => {
    expect([...forbiddenAnswers]).toHaveLength(1);
  });

  test('no route is left out', () => {
    expect(routes.filter((route) => !visited.has(route)).map(({ path }) => path)).toEqual([]);
    expect(world.logged).toEqual([]);
  });
});

async function ask(route: Route, cell: Cell): Promise<ApiAnswer> {
  const { acme } = world;
  const caller = await callerOf(cell);
  const isWrite = route.method === 'post';
  const own = isWrite ? await ownRecords(world, acme, acmeIds, caller) : acmeIds;
  const base = tenantOf(cell) === world.globex.id ? globexIds : own;
  const ids = idsFor(cell, base);
  const path = await withPeople(pathFor(route, cell, ids), cell);
  const query = await queryFor(route, cell, ids);
  const key = Object.keys(BODIES).find((tail) => route.path.endsWith(`/${tail}`));
  if (isWrite && key === undefined) throw new Error(`no sample body for ${route.path}`);
  const body = key === undefined ? undefined : BODIES[key]?.(ids, tenantOf(cell));
  // what strangers may do is done by pages of ours
  const headers = route.capability === 'public' ? { 'sec-fetch-site': 'same-origin' } : {};
  const method = route.method.toUpperCase();
  return caller.send(method, path + query, isWrite ? { body, headers } : {});
}

/** In a browser of their own each time, for some routes end the session. */
async function callerOf({ caller, way }: Cell): Promise<ApiClient> {
  const client = world.acme.as(caller);
  return way === 'token' ? client : client.inBrowser(world.db);
}

const sessionsSchema = z.object({ items: z.array(z.object({ id: z.string() })) });

/** With somebody's id in it: the caller's kind, somebody else's, nobody's, or none at all. */
async function withPeople(path: string, cell: Cell): Promise<string> {
  const name = PEOPLE_PARAMS.find((one) => path.includes(`:${one}`));
  if (name === undefined) return path;
  const { whose } = cell;
  const id =
    whose === 'malformed'
      ? 'mine'
      : whose === 'absent'
        ? newId(tenantIdSchema)
        : name === 'session'
          ? await sessionOf(cell)
          : userOf(await (whose === 'own' ? world.acme : world.globex).hasMember('readonly'));
  return path.replace(`:${name}`, id);
}

async function sessionOf({ caller, whose }: Cell): Promise<string> {
  if (caller === 'unauthenticated') return newId(tenantIdSchema);
  const holder = whose === 'own' ? world.acme.as(caller) : world.globex.as('owner');
  const browser = await holder.inBrowser(world.db);
  return (await browser.get('/api/sessions')).as(sessionsSchema).items[0]?.id ?? '';
}

/** The records of the tenant, but for the one kind that the cell is about. */
function idsFor({ place, whose }: Cell, base: Ids): Ids {
  const kind = 'kind' in place ? place.kind : undefined;
  if (kind === undefined) return base;
  const sources = { own: base, foreign: globexIds, absent: absentRecords() };
  const chosen = whose === 'malformed' ? malformedRecords() : sources[whose];
  return { ...base, [kind]: chosen[kind] };
}

function tenantOf({ place, whose }: Cell): string {
  const tenants = {
    own: world.acme.id,
    foreign: world.globex.id,
    absent: newId(tenantIdSchema),
    malformed: 'acme',
  };
  return tenants[place.in === 'tenant' ? whose : 'own'];
}

function pathFor(route: Route, cell: Cell, ids: Ids): string {
  const { place, whose } = cell;
  return route.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    if (name === 'tenant') return tenantOf(cell);
    if (PEOPLE_PARAMS.some((one) => one === name)) return `:${name}`;
    const other = OTHER_PARAMS[name];
    const isMeant = place.in === 'path' && place.name === name;
    if (other !== undefined) return other[isMeant ? whose : 'own'] ?? '';
    return encodeURIComponent(z.record(z.string(), z.string()).parse(ids)[name] ?? '');
  });
}

async function queryFor(route: Route, { caller, place, whose }: Cell, ids: Ids): Promise<string> {
  if (place.in === 'query') {
    const id = place.kind === undefined ? '' : ids[place.kind];
    return `?${place.name}=${encodeURIComponent(id)}`;
  }
  if (place.in !== 'cursor') return '';
  if (whose === 'malformed') return '?cursor=nonsense';
  const owners = isInTenant(route)
    ? { own: world.acme.id, foreign: world.globex.id, absent: newId(tenantIdSchema) }
    : {
        own: world.acme.as(caller).userId ?? '',
        foreign: userOf(world.globex.as('owner')),
        absent: newId(tenantIdSchema),
      };
  return `?cursor=${await cursorOf(route, ids, owners[whose])}`;
}

/** A real cursor of this list, made out to someone: nothing but its owner may be wrong. */
async function cursorOf(route: Route, ids: Ids, owner: string): Promise<string> {
  const path = pathFor(
    route,
    { caller: 'owner', way: 'token', place: { in: 'tenant' }, whose: 'own' },
    ids,
  );
  const page = await world.acme.as('owner').get(`${path}?limit=1`);
  const { nextCursor } = page.as(z.object({ nextCursor: z.string().nullable() }));
  const parts = nextCursor === null ? shortLists[path.split('/').at(-1) ?? ''] : parse(nextCursor);
  if (parts === undefined) throw new Error(`${path} has no second page: seed it`);
  return encodeCursor([parts[0] ?? '', owner, ...parts.slice(2)]);
}

/** Lists that never have a second page here, each with the parts of a cursor it would take. */
const anyId = newId(tenantIdSchema);
const shortLists: Readonly<Record<string, readonly string[]>> = {
  connections: ['connections', '', anyId],
  tenants: ['tenants', '', anyId],
};

function parse(cursor: string): string[] {
  const text = Buffer.from(cursor, 'base64url').toString();
  return z.array(z.string()).parse(JSON.parse(text));
}

function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Nothing of Globex may be in any answer to a person of Acme. */
function foreignIds(): RegExp {
  return new RegExp([world.globex.id, ...Object.values(globexIds)].join('|'));
}

/** Everything a caller can see of an answer but the request's own id. */
function describeAnswer({ status, headers, text }: ApiAnswer): string {
  const seen = [...headers].filter(([name]) => name !== 'x-request-id').sort();
  return JSON.stringify([status, seen, text]);
}

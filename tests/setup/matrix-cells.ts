import { type RecordKind, recordKindsIn } from '../../src/http/record-ids.ts';
import type { Route } from '../../src/http/route.ts';
import { isCapability, ROLES, roleHolds } from '../../src/kernel/capabilities.ts';
import { CALLERS, type Caller } from './api-fixture.ts';
import { BEYOND_RIGHTS, OTHER_PARAMS, PEOPLE_PARAMS, SESSION_ONLY } from './matrix-samples.ts';

export const WHOSE = ['own', 'foreign', 'absent', 'malformed'] as const;
export type Whose = (typeof WHOSE)[number];

/** Where an id travels in a request. */
export type Place =
  | { readonly in: 'nowhere' }
  | { readonly in: 'tenant' }
  | { readonly in: 'cursor' }
  | { readonly in: 'path' | 'query'; readonly name: string; readonly kind: RecordKind | undefined }
  | { readonly in: 'body'; readonly kind: RecordKind };

/** How a caller is recognised. */
export const WAYS = ['token', 'session'] as const;

export interface Cell {
  readonly caller: Caller;
  readonly way: (typeof WAYS)[number];
  readonly place: Place;
  readonly whose: Whose;
}

/** Every cell of a route: who calls, where an id travels, and whose it is. */
export function cellsOf(route: Route): Cell[] {
  const places = placesOf(route);
  return CALLERS.flatMap((caller) =>
    places.flatMap((place) => {
      const targets = place.in === 'nowhere' ? (['own'] as const) : WHOSE;
      return WAYS.flatMap((way) => targets.map((whose) => ({ caller, way, place, whose })));
    }),
  );
}

function placesOf(route: Route): Place[] {
  const fields = (shape: Route['params']['shape'], place: 'path' | 'query') =>
    Object.entries(shape).flatMap(([name, schema]): Place[] => {
      const [kind] = recordKindsIn(schema);
      const isOther =
        place === 'path' && (name in OTHER_PARAMS || PEOPLE_PARAMS.some((one) => one === name));
      const namesRecord = kind !== undefined || isOther;
      if (!namesRecord && place === 'path') throw new Error(`what is {${name}} in ${route.path}?`);
      return namesRecord ? [{ in: place, name, kind }] : [];
    });
  return [
    isInTenant(route) ? { in: 'tenant' } : { in: 'nowhere' },
    ...fields(route.params.shape, 'path'),
    ...fields(route.query.shape, 'query'),
    ...[...recordKindsIn(route.body)].map((kind): Place => ({ in: 'body', kind })),
    ...('cursor' in route.query.shape ? [{ in: 'cursor' } as const] : []),
  ];
}

export function isInTenant(route: Route): boolean {
  return route.path.includes('{tenant}');
}

/** What the cell must answer: `ok`, or the code of its problem. */
export function expectedAnswer(route: Route, { caller, way, place, whose }: Cell): string {
  if (route.capability === 'public') return answerToOwn(route);
  if (caller === 'unauthenticated') return 'unauthorized';
  if (way === 'token' && SESSION_ONLY.has(route.path)) return 'session.needed';
  const isOwn = whose === 'own';
  if (route.capability === 'admin') {
    if (caller !== 'admin') return 'admin.needed';
    // users are the installation's: to its admin none is foreign
    return isOwn || whose === 'foreign' ? answerToOwn(route) : 'forbidden';
  }
  if (!isCapability(route.capability)) return isOwn ? answerToOwn(route) : 'forbidden';
  const role = ROLES.find((each) => each === caller);
  if (role === undefined) return 'forbidden';
  if (place.in === 'tenant' && !isOwn) return 'forbidden';
  if (!roleHolds(role, route.capability)) return 'capability.missing';
  return isOwn ? answerToOwn(route) : 'forbidden';
}

function answerToOwn(route: Route): string {
  const key = Object.keys(BEYOND_RIGHTS).find((tail) => route.path.endsWith(`/${tail}`));
  // reading a list of members asks for nothing more
  if (route.method === 'get' && key === '{tenant}/members') return 'ok';
  return BEYOND_RIGHTS[key ?? ''] ?? 'ok';
}

export function nameOf({ caller, way, place, whose }: Cell): string {
  const detail = 'name' in place ? ` ${place.name}` : 'kind' in place ? ` ${place.kind}` : '';
  return `${caller} by ${way}, ${whose} ${place.in}${detail}`;
}

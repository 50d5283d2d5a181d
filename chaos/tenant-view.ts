import type { SimulatorProcess } from '../tests/setup/simulator.ts';

/** What a restore may bring back, by the names of the simulator's pages. */
const COLLECTIONS = [
  'configurationPolicies',
  'deviceConfigurations',
  'deviceCompliancePolicies',
  'compliancePolicies',
  'conditionalAccessPolicies',
  'namedLocations',
  'assignmentFilters',
  'roleScopeTags',
] as const;

/** An object as the simulator holds it. */
export interface Held {
  readonly collection: string;
  readonly id: string;
  readonly name: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** All objects of a simulated tenant by collection and id, at one moment. */
export type TenantView = ReadonlyMap<string, Held>;

export async function viewTenant(
  simulator: SimulatorProcess,
  entraId: string,
): Promise<TenantView> {
  const lists = await Promise.all(
    COLLECTIONS.map(async (collection) => {
      const objects = await simulator.objects(entraId, collection);
      return objects.map((held): Held => ({ collection, ...held }));
    }),
  );
  return new Map(lists.flat().map((held) => [keyOf(held.collection, held.id), held]));
}

/** Ids are compared without case, as Graph does. */
export function keyOf(collection: string, id: string): string {
  return `${collection}/${id.toLowerCase()}`;
}

/** The page of a policy type: `namedLocation` is kept in `namedLocations`. */
export function collectionOf(type: string): string {
  return type.endsWith('y') ? `${type.slice(0, -1)}ies` : `${type}s`;
}

/** What an id stands for: objects that were made anew bear other ids, and the same names. */
export type Naming = ReadonlyMap<string, string>;

export function namingOf(views: readonly TenantView[]): Naming {
  return new Map(
    views.flatMap((view) =>
      [...view.values()].map(({ collection, id, name }) => [
        id.toLowerCase(),
        `${collection}:${name}`,
      ]),
    ),
  );
}

/** Set by the service, different in each object. */
const OWN = new Set([
  'createdDateTime',
  'lastModifiedDateTime',
  'modifiedDateTime',
  'version',
  'settingCount',
  'isAssigned',
]);
/** Parts whose elements bear ids of their object. */
const PARTS = new Set(['settings', 'assignments', 'scheduledActionsForRule']);
const ID_LISTS = new Set(['scheduledActionConfigurations', ...PARTS]);

/**
 * An object as one text that is the same for the same content: without ids and times of its own,
 * with names for ids, without what is empty, and with every list sorted. Written without the
 * product's rules of sameness, so that it does not share their mistakes.
 */
export function contentOf({ object }: Pick<Held, 'object'>, naming: Naming): string {
  const { id: _own, ...rest } = object;
  return JSON.stringify(plain(rest, '', naming));
}

function plain(value: unknown, key: string, naming: Naming): unknown {
  if (typeof value === 'string') return naming.get(value.toLowerCase()) ?? value;
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = value;
    return elements
      .map((element) => plain(withoutId(element, key), key, naming))
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !OWN.has(name) && !isEmpty(inner))
      .map(([name, inner]): [string, unknown] => [name, plain(inner, name, naming)])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function withoutId(element: unknown, list: string): unknown {
  if (!ID_LISTS.has(list) || !isRecord(element)) return element;
  const { id: _id, sourceId: _sourceId, ...rest } = element;
  return rest;
}

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

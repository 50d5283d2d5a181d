import { ALL_ROLES, KINDS } from '../kinds/all-kinds.ts';
import type { Kind } from '../kinds/kind.ts';
import { seededGuid } from '../values/random.ts';
import { type Collection, createCollection } from './collection.ts';

/** One customer's Entra tenant. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  /** The app registration that may sign in. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly collections: ReadonlyMap<string, Collection>;
  /** Ids of objects made while running are derived from the seed and this count. */
  createdCount: number;
}

/** A tenant without objects, the same for the same seed and place. */
export function createTenant(seed: number, place: number, name: string): Tenant {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '');
  return {
    id: seededGuid(seed, 'tenant', place),
    name,
    domain: `${slug}.onmicrosoft.com`,
    clientId: seededGuid(seed, 'client', place),
    clientSecret: `sim~${seededGuid(seed, 'secret', place).replaceAll('-', '')}`,
    collections: new Map(KINDS.map((kind) => [kind.name, createCollection(kind)])),
    createdCount: 0,
  };
}

/** The tenant's collection of that kind; each tenant has one of each. */
export function collectionOf(tenant: Tenant, kind: Kind): Collection {
  const collection = tenant.collections.get(kind.name);
  if (collection === undefined) throw new Error(`no collection ${kind.name}`);
  return collection;
}

/** The id of the next object made in the tenant: scope tags count, all others are GUIDs. */
export function nextObjectId(seed: number, tenant: Tenant, collection: Collection): string {
  tenant.createdCount += 1;
  if (collection.kind.name === 'roleScopeTags') return String(collection.orderNext - 1);
  return seededGuid(seed, tenant.id, collection.kind.name, 'created', tenant.createdCount);
}

/** What a tenant has consented to unless a fault says otherwise. */
export const GRANTED_AT_FIRST: readonly string[] = ALL_ROLES;

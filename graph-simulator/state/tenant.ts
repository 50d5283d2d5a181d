import { ALL_ROLES, KINDS } from '../kinds/all-kinds.ts';
import type { Kind } from '../kinds/kind.ts';
import { seededGuid } from '../values/random.ts';
import { type Collection, createCollection } from './collection.ts';

/** An app registration that may sign in. */
export interface App {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The registrations of a tenant by what they are meant for; both are granted everything. */
export const APP_USES = ['read', 'write'] as const;
export type AppUse = (typeof APP_USES)[number];

/** One customer's Entra tenant. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly apps: Readonly<Record<AppUse, App>>;
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
    apps: {
      read: createApp(seed, place, ''),
      write: createApp(seed, place, 'write '),
    },
    collections: new Map(KINDS.map((kind) => [kind.name, createCollection(kind)])),
    createdCount: 0,
  };
}

function createApp(seed: number, place: number, prefix: string): App {
  const secret = seededGuid(seed, `${prefix}secret`, place).replaceAll('-', '');
  return { clientId: seededGuid(seed, `${prefix}client`, place), clientSecret: `sim~${secret}` };
}

/** What the registration of this client id is meant for; undefined when there is none. */
export function useOfApp(tenant: Tenant, clientId: string): AppUse | undefined {
  return APP_USES.find((use) => tenant.apps[use].clientId === clientId.toLowerCase());
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

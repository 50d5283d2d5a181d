import { gatherKnowledge, type ServiceKnowledge } from './service-knowledge.ts';
import type { Tenant } from './tenant.ts';

/** All tenants and what the process has to remember beside them. */
export interface World {
  readonly seed: number;
  readonly tenants: readonly Tenant[];
  /** By id, domain and name in lower case: looked up for each call. */
  readonly tenantByWord: ReadonlyMap<string, Tenant>;
  readonly knowledge: ServiceKnowledge;
  /** Grows with each answer that is shuffled: the next answer comes in another order. */
  shuffles: number;
}

/** A world of these tenants that has answered nothing yet. */
export function createWorld(seed: number, tenants: readonly Tenant[]): World {
  const tenantByWord = new Map<string, Tenant>();
  for (const tenant of tenants) {
    for (const word of tenantWords(tenant)) tenantByWord.set(word, tenant);
  }
  return { seed, tenants, tenantByWord, knowledge: gatherKnowledge(tenants), shuffles: 0 };
}

/** The tenant of that id, domain or name. */
export function findTenant(world: World, word: string): Tenant | undefined {
  return world.tenantByWord.get(word.toLowerCase());
}

/** What a tenant may be called. */
export function tenantWords(tenant: Tenant): readonly string[] {
  return [tenant.id, tenant.domain, tenant.name.toLowerCase()];
}

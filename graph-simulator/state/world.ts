import type { Tenant } from './tenant.ts';

/** All tenants and what the process has to remember beside them. */
export interface World {
  readonly seed: number;
  readonly tenants: readonly Tenant[];
  /** Grows with each answer that is shuffled: the next answer comes in another order. */
  shuffles: number;
}

/** The tenant of that id, domain or name. */
export function findTenant(world: World, word: string): Tenant | undefined {
  const wanted = word.toLowerCase();
  return world.tenants.find(
    (tenant) =>
      tenant.id === wanted || tenant.domain === wanted || tenant.name.toLowerCase() === wanted,
  );
}

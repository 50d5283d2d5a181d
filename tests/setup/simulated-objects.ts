import type { RestoreVerbs } from './restore-world.ts';
import type { StoredObject } from './simulator.ts';

/** The objects of this name in a collection of the simulated tenant. */
export async function objectsNamed(
  { world, tenant }: RestoreVerbs,
  collection: string,
  name: string,
): Promise<readonly StoredObject[]> {
  const objects = await world.simulator.objects(tenant.entra.id, collection);
  return objects.filter((object) => object.name === name);
}

/** The only one of this name. */
export async function objectNamed(
  verbs: RestoreVerbs,
  collection: string,
  name: string,
): Promise<StoredObject> {
  const found = await objectsNamed(verbs, collection, name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} of ${name}`);
  return only;
}

/** The id of the only object of this name. */
export async function idOf(verbs: RestoreVerbs, collection: string, name: string): Promise<string> {
  return (await objectNamed(verbs, collection, name)).id;
}

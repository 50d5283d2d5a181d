import type { RestoreVerbs } from './restore-world.ts';

/** The id of the only object of this name in a collection of the simulated tenant. */
export async function idOf(
  { world, tenant }: RestoreVerbs,
  collection: string,
  name: string,
): Promise<string> {
  const objects = await world.simulator.objects(tenant.entra.id, collection);
  const found = objects.filter((object) => object.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} of ${name}`);
  return only.id;
}

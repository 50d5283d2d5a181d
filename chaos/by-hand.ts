import { createHash } from 'node:crypto';
import type { SimulatorProcess } from '../tests/setup/simulator.ts';
import type { Chances } from './chances.ts';
import { type Held, viewTenant } from './tenant-view.ts';

/** What somebody did to an object in the portal. */
export interface Touched {
  readonly held: Held;
  /** `kept`: nothing was; a second one is to be made beside it. */
  readonly how: 'deleted' | 'changed' | 'kept';
}

/** Tells an object that somebody changed after the preview. */
export const DRIFTED = 'drifted by hand';
/** Tells an object that somebody changed after it was written, before it was read back. */
export const TAMPERED = 'changed after it was written';

/** Two policies of one name that are alike, and two that are not, and so may be confused. */
export async function makeTwins(simulator: SimulatorProcess, entraId: string): Promise<void> {
  const view = await viewTenant(simulator, entraId);
  const model = [...view.values()].find(({ collection }) => collection === 'configurationPolicies');
  if (model === undefined) throw new Error('the tenant has no policy to double');
  const add = (name: string, description: string, which = description) =>
    simulator.addObject(entraId, model.collection, madeUpId(name, which), {
      ...model.object,
      name,
      description,
      assignments: [],
    });
  await add('Twins, alike', 'the same');
  await add('Twins, alike', 'the same', 'second');
  await add('Twins, different', 'the one');
  await add('Twins, different', 'the other');
}

/** Whether it can be deleted and put back by hand without losing anything. */
export function isReplaceable({ collection, object }: Held): boolean {
  if (collection === 'roleScopeTags' && object['isBuiltIn'] === true) return false;
  return !JSON.stringify(object).includes('"isEncrypted":true');
}

/** Deletes or changes what is chosen, so that there is something to bring back. */
export async function changeByHand(
  simulator: SimulatorProcess,
  entraId: string,
  chances: Chances,
  chosen: readonly Held[],
): Promise<readonly Touched[]> {
  const touched: Touched[] = [];
  for (const held of chosen) {
    const changes = changesOf(held, chances);
    if (chances.happens(0.07)) {
      touched.push({ held, how: 'kept' });
      continue;
    }
    const how = changes === undefined || chances.happens(0.6) ? 'deleted' : 'changed';
    touched.push({ held, how });
    if (how === 'deleted') await simulator.removeObject(entraId, held.collection, held.id);
    else await simulator.editObject(entraId, held.collection, held.id, changes ?? {});
  }
  return touched;
}

/** Between preview and execution: some of what will be written is not any more what was seen. */
export async function changeLate(
  simulator: SimulatorProcess,
  entraId: string,
  chances: Chances,
  touched: readonly Touched[],
): Promise<void> {
  for (const { held, how } of touched) {
    if (how === 'kept' || !chances.happens(0.06)) continue;
    const { collection, object } = held;
    const isDescribed = 'description' in object;
    if (how === 'deleted') {
      const other = isDescribed && chances.happens(0.5) ? { description: 'made by hand' } : {};
      await addNamesake(simulator, entraId, chances, held, other);
    } else if (isDescribed) {
      await simulator.editObject(entraId, collection, held.id, { description: DRIFTED });
    }
  }
}

/** Makes another object of the name. @returns its id */
export async function addNamesake(
  simulator: SimulatorProcess,
  entraId: string,
  chances: Chances,
  { collection, id, object }: Held,
  other: Readonly<Record<string, unknown>>,
): Promise<string> {
  const number = 1_000 + chances.number(1_000_000_000);
  const newId = collection === 'roleScopeTags' ? `${number}` : madeUpId(id, `${number}`);
  await simulator.addObject(entraId, collection, newId, { ...object, ...other });
  return newId;
}

function changesOf(
  { collection, object }: Held,
  chances: Chances,
): Readonly<Record<string, unknown>> | undefined {
  if (collection === 'conditionalAccessPolicies') {
    return { state: object['state'] === 'disabled' ? 'enabled' : 'disabled' };
  }
  if (!('description' in object)) return undefined;
  const described = { description: `changed by hand ${chances.number(1_000)}` };
  const { assignments } = object;
  const isAssigned = Array.isArray(assignments) && assignments.length > 0;
  if (!isAssigned) return described;
  return chances.pick([described, { assignments: [] }, { ...described, assignments: [] }]);
}

function madeUpId(...words: readonly string[]): string {
  const hex = createHash('sha256').update(words.join('/')).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join('-');
}

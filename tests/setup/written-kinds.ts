import type { RestoreVerbs } from './restore-world.ts';
import { objectNamed } from './simulated-objects.ts';
import type { FaultRule } from './simulator.ts';

/** One kind of write of a restore: an object that needs it, and how to meet its request. */
export interface WrittenKind {
  readonly step: string;
  readonly collection: string;
  /** Copied under another name for each story. */
  readonly like: string;
  /** What somebody does to the object, so that this write brings it back. */
  readonly disturb: 'remove' | Readonly<Record<string, unknown>>;
  matchOf(id: string): NonNullable<FaultRule['match']>;
}

const CHANGED = { description: 'somebody was here' };

/** Every kind of write; of two steps where the second is the one that is met. */
export const WRITTEN_KINDS: Readonly<Record<string, WrittenKind>> = {
  create: {
    step: 'create',
    collection: 'assignmentFilters',
    like: 'Corporate iPads',
    disturb: 'remove',
    matchOf: () => ({ method: 'POST', path: 'assignmentFilters$' }),
  },
  assignNew: {
    step: 'assign',
    collection: 'deviceCompliancePolicies',
    like: 'iOS - Compliance',
    disturb: 'remove',
    matchOf: () => ({ method: 'POST', path: 'deviceCompliancePolicies/[^/]+/assign$' }),
  },
  replace: {
    step: 'replace',
    collection: 'configurationPolicies',
    like: 'macOS - FileVault',
    disturb: CHANGED,
    matchOf: (id) => ({ method: 'PUT', path: id }),
  },
  update: {
    step: 'update',
    collection: 'deviceConfigurations',
    like: 'iOS - Device restrictions',
    disturb: CHANGED,
    matchOf: (id) => ({ method: 'PATCH', path: id }),
  },
  assign: {
    step: 'assign',
    collection: 'configurationPolicies',
    like: 'Windows - Screen lock',
    disturb: { assignments: [] },
    matchOf: (id) => ({ method: 'POST', path: `${id}/assign$` }),
  },
  scheduleActions: {
    step: 'schedule_actions',
    collection: 'compliancePolicies',
    like: 'Linux - Compliance',
    disturb: { scheduledActionsForRule: [] },
    matchOf: (id) => ({ method: 'POST', path: `${id}/setScheduledActions$` }),
  },
};

/** Makes an object of each kind, named `${name} ${kind}`. */
export async function hasOneOfEach(verbs: RestoreVerbs, name: string): Promise<void> {
  const { world, tenant } = verbs;
  for (const [kind, { collection, like }] of Object.entries(WRITTEN_KINDS)) {
    const { object } = await objectNamed(verbs, collection, like);
    const nameKey = 'displayName' in object ? 'displayName' : 'name';
    const body = { ...object, [nameKey]: `${name} ${kind}` };
    await world.simulator.addObject(tenant.entra.id, collection, crypto.randomUUID(), body);
  }
}

/**
 * Somebody removes or changes each of them; from now on the write that mends it meets the fault.
 */
export async function disturbEach(
  verbs: RestoreVerbs,
  name: string,
): Promise<ReadonlyMap<string, string>> {
  const { world, tenant } = verbs;
  const ids = new Map<string, string>();
  for (const [kind, { collection, disturb }] of Object.entries(WRITTEN_KINDS)) {
    const { id } = await objectNamed(verbs, collection, `${name} ${kind}`);
    ids.set(kind, id);
    if (disturb === 'remove') await world.simulator.removeObject(tenant.entra.id, collection, id);
    else await world.simulator.editObject(tenant.entra.id, collection, id, disturb);
  }
  return ids;
}

import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { DemoSimulator, StoredObject } from './demo-simulator.ts';

/** What was done to a policy behind our back, for people. */
export interface Tampering {
  readonly policyName: string;
  readonly what: string;
}

/**
 * Does in the simulated tenant what nobody should find out too late: switches an encryption setting
 * off, widens an assignment, deletes a policy. Three policies, chosen from what is there.
 */
export async function tamper(simulator: DemoSimulator, tenantId: string): Promise<Tampering[]> {
  const touched = new Set<string>();
  return [
    await switchEncryptionOff(simulator, tenantId, touched),
    await widenAssignment(simulator, tenantId, touched),
    await deletePolicy(simulator, tenantId, touched),
  ];
}

const choiceSchema = z.looseObject({
  settingInstance: z.looseObject({
    settingDefinitionId: z.string(),
    choiceSettingValue: z.looseObject({ value: z.string() }),
  }),
});

async function switchEncryptionOff(
  simulator: DemoSimulator,
  tenantId: string,
  touched: Set<string>,
): Promise<Tampering> {
  const policies = await simulator.objects(tenantId, 'configurationPolicies');
  // BitLocker's own setting first, whatever else encrypts second.
  for (const wanted of [/requiredeviceencryption$/, /requireencryption$/, /enable\w*encryption$/]) {
    for (const policy of policies) {
      const settings = switchedOff(policy, wanted);
      if (settings === null) continue;
      touched.add(policy.id);
      await simulator.change(tenantId, `configurationPolicies/${policy.id}`, { settings });
      return { policyName: policy.name, what: 'an encryption setting is switched off' };
    }
  }
  throw new AppError('internal', { missing: 'encryption setting' });
}

/** The settings with the wanted choice from on (`…_1`) to off (`…_0`), or null without one. */
function switchedOff(policy: StoredObject, wanted: RegExp): unknown[] | null {
  const settings = z.array(z.unknown()).safeParse(policy.object['settings']).data ?? [];
  for (const [at, setting] of settings.entries()) {
    const choice = choiceSchema.safeParse(setting).data?.settingInstance;
    const id = choice?.settingDefinitionId;
    if (id === undefined || !wanted.test(id) || choice?.choiceSettingValue.value !== `${id}_1`) {
      continue;
    }
    const choiceSettingValue = { ...choice.choiceSettingValue, value: `${id}_0`, children: [] };
    const changed = structuredClone(choiceSchema.parse(setting));
    changed.settingInstance = { ...changed.settingInstance, choiceSettingValue };
    return settings.with(at, changed);
  }
  return null;
}

const ASSIGNED = ['deviceCompliancePolicies', 'deviceConfigurations', 'configurationPolicies'];
const GROUP_TARGET = '#microsoft.graph.groupAssignmentTarget';
const ALL_DEVICES = '#microsoft.graph.allDevicesAssignmentTarget';
/** By this id Graph names the assignment to all devices. */
const ALL_DEVICES_ID = 'adadadad-808e-44e2-905a-0b7873a8a531';

const assignmentsSchema = z.array(
  z.looseObject({ target: z.looseObject({ '@odata.type': z.string() }) }),
);

async function widenAssignment(
  simulator: DemoSimulator,
  tenantId: string,
  touched: Set<string>,
): Promise<Tampering> {
  for (const collection of ASSIGNED) {
    for (const policy of await simulator.objects(tenantId, collection)) {
      const assignments = assignmentsSchema.safeParse(policy.object['assignments']).data ?? [];
      const targets = assignments.map(({ target }) => target['@odata.type']);
      if (touched.has(policy.id) || !targets.includes(GROUP_TARGET)) continue;
      if (targets.includes(ALL_DEVICES)) continue;
      const at = targets.indexOf(GROUP_TARGET);
      touched.add(policy.id);
      await simulator.change(tenantId, `${collection}/${policy.id}`, {
        assignments: assignments.map((assignment, index) =>
          index === at ? toAllDevices(policy.id, assignment) : assignment,
        ),
      });
      return { policyName: policy.name, what: 'assigned to all devices, not to a group' };
    }
  }
  throw new AppError('internal', { missing: 'assignment to a group' });
}

function toAllDevices(policyId: string, assignment: object): object {
  return {
    ...assignment,
    id: `${policyId}_${ALL_DEVICES_ID}`,
    target: {
      '@odata.type': ALL_DEVICES,
      deviceAndAppManagementAssignmentFilterId: null,
      deviceAndAppManagementAssignmentFilterType: 'none',
    },
  };
}

async function deletePolicy(
  simulator: DemoSimulator,
  tenantId: string,
  touched: Set<string>,
): Promise<Tampering> {
  for (const collection of ['configurationPolicies', 'deviceConfigurations']) {
    const policies = await simulator.objects(tenantId, collection);
    const policy = policies.findLast(({ id }) => !touched.has(id));
    if (policy === undefined) continue;
    await simulator.remove(tenantId, `${collection}/${policy.id}`);
    return { policyName: policy.name, what: 'deleted' };
  }
  throw new AppError('internal', { missing: 'policy to delete' });
}

import { z } from 'zod';
import type { DemoSimulator, StoredObject } from './demo-simulator.ts';

/** What was done to a policy behind our back, for people. */
export interface Tampering {
  readonly policyName: string;
  readonly what: string;
}

/** What to tamper with; one policy is only ever touched once. */
interface Portal {
  readonly simulator: DemoSimulator;
  readonly tenantId: string;
  readonly touched: Set<string>;
}

/**
 * Does in the simulated tenant what nobody should find out too late: switches an encryption setting
 * off, widens an assignment, deletes a policy. Three policies, chosen from what is there; a corpus
 * that has nothing of the kind is left alone.
 */
export async function tamper(simulator: DemoSimulator, tenantId: string): Promise<Tampering[]> {
  const portal = { simulator, tenantId, touched: new Set<string>() };
  const deeds = [
    await switchEncryptionOff(portal),
    await widenAssignment(portal),
    await deletePolicy(portal),
  ];
  return deeds.filter((deed) => deed !== null);
}

const choiceSchema = z.looseObject({
  settingInstance: z.looseObject({
    settingDefinitionId: z.string(),
    choiceSettingValue: z.looseObject({ value: z.string() }),
  }),
});

/** BitLocker's own setting first, then whatever else encrypts. */
const ENCRYPTION_SETTINGS = [
  /requiredeviceencryption$/,
  /requireencryption$/,
  /enable\w*encryption$/,
] as const;

async function switchEncryptionOff(portal: Portal): Promise<Tampering | null> {
  const { simulator, tenantId, touched } = portal;
  const policies = await simulator.objects(tenantId, 'configurationPolicies');
  for (const wanted of ENCRYPTION_SETTINGS) {
    for (const policy of policies) {
      const settings = switchedOff(policy, wanted);
      if (settings === null) continue;
      touched.add(policy.id);
      await simulator.change(tenantId, `configurationPolicies/${policy.id}`, { settings });
      return { policyName: policy.name, what: 'an encryption setting is switched off' };
    }
  }
  return switchComplianceOff(portal);
}

const ENCRYPTION_RULES = ['bitLockerEnabled', 'storageRequireEncryption'] as const;

async function switchComplianceOff(portal: Portal): Promise<Tampering | null> {
  const { simulator, tenantId, touched } = portal;
  for (const policy of await simulator.objects(tenantId, 'deviceCompliancePolicies')) {
    const rule = ENCRYPTION_RULES.find((name) => policy.object[name] === true);
    if (rule === undefined) continue;
    touched.add(policy.id);
    await simulator.change(tenantId, `deviceCompliancePolicies/${policy.id}`, { [rule]: false });
    return { policyName: policy.name, what: 'encryption is no longer required' };
  }
  return null;
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

async function widenAssignment(portal: Portal): Promise<Tampering | null> {
  const { simulator, tenantId, touched } = portal;
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
  return null;
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

const DELETABLE = ['configurationPolicies', 'deviceConfigurations', 'conditionalAccessPolicies'];

async function deletePolicy(portal: Portal): Promise<Tampering | null> {
  const { simulator, tenantId, touched } = portal;
  for (const collection of DELETABLE) {
    const policies = await simulator.objects(tenantId, collection);
    const policy = policies.findLast(({ id }) => !touched.has(id));
    if (policy === undefined) continue;
    await simulator.remove(tenantId, `${collection}/${policy.id}`);
    return { policyName: policy.name, what: 'deleted' };
  }
  return null;
}

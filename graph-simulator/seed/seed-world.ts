import { findKind } from '../kinds/all-kinds.ts';
import { addObject } from '../state/collection.ts';
import { collectionOf, createTenant, type Tenant } from '../state/tenant.ts';
import type { World } from '../state/world.ts';
import { seededGuid } from '../values/random.ts';

const NAMES = ['Northwind Clinics', 'Alder Legal', 'Brightwater Bakery'];

export function seedWorld(seed: number, count: number): World {
  const tenants = Array.from({ length: count }, (_, at) =>
    createTenant(seed, at, NAMES[at] ?? `Tenant ${at + 1}`),
  );
  for (const tenant of tenants) seedTenant(seed, tenant);
  return { seed, tenants, shuffles: 0 };
}

function seedTenant(seed: number, tenant: Tenant): void {
  const kind = findKind('configurationPolicies');
  if (!kind) return;
  for (let n = 0; n < 30; n += 1) {
    const settings = Array.from({ length: 3 + n }, (_, at) => ({
      id: String(at),
      settingInstance: {
        '@odata.type': '#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance',
        settingDefinitionId: `device_vendor_msft_policy_config_demo_setting${at}`,
        settingInstanceTemplateReference: null,
        choiceSettingValue: {
          settingValueTemplateReference: null,
          value: `device_vendor_msft_policy_config_demo_setting${at}_1`,
          children: [],
        },
      },
    }));
    addObject(collectionOf(tenant, kind), {
      ...kind.defaults,
      id: seededGuid(seed, tenant.id, 'policy', n),
      name: n === 0 ? 'Windows - BitLocker disk encryption' : `Windows - Policy ${n}`,
      platforms: 'windows10',
      technologies: 'mdm',
      createdDateTime: '2026-03-02T08:00:00Z',
      lastModifiedDateTime: '2026-05-04T09:00:00Z',
      settings,
    });
  }
}

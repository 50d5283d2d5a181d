import { findKind } from '../kinds/all-kinds.ts';
import { addObject } from '../state/collection.ts';
import { collectionOf, type Tenant } from '../state/tenant.ts';
import type { JsonObject } from '../values/json.ts';
import { pick, type Random, seededGuid, seededRandom } from '../values/random.ts';
import { catalogPolicy, choice, text, wholeNumber } from './setting-builders.ts';

const AREAS = ['browser', 'update', 'defender', 'experience', 'privacy', 'system', 'connectivity'];

/** Adds settings catalog policies of about 12 settings, every twentieth of more than a page. */
export function addBulkPolicies(seed: number, tenant: Tenant, count: number): void {
  const kind = findKind('configurationPolicies');
  if (kind === undefined) return;
  const collection = collectionOf(tenant, kind);
  for (let number = 1; number <= count; number += 1) {
    const random = seededRandom(seed, 'bulk', number);
    const area = pick(AREAS, random);
    const size = number % 20 === 0 ? 26 + Math.floor(random() * 40) : 8 + Math.floor(random() * 9);
    const settings = Array.from({ length: size }, (_, at) => bulkSetting(area, at, random));
    const name = `Bulk ${String(number).padStart(5, '0')} - ${area}`;
    addObject(collection, {
      ...kind.defaults,
      ...catalogPolicy({ name, settings }),
      id: seededGuid(seed, tenant.id, 'bulk', number),
      createdDateTime: '2026-02-02T08:00:00.0000000Z',
      lastModifiedDateTime: '2026-02-02T08:00:00.0000000Z',
    });
  }
}

function bulkSetting(area: string, at: number, random: Random): JsonObject {
  const id = `device_vendor_msft_policy_config_${area}_bulksetting${at}`;
  const chance = random();
  if (chance < 0.7) return choice(id, Math.floor(random() * 3));
  if (chance < 0.85) return wholeNumber(id, Math.floor(random() * 1000));
  return text(id, `https://intranet.example/${area}/${Math.floor(random() * 1e6)}`);
}

import { withRuleIds } from '../graph/write-object.ts';
import { findKind } from '../kinds/all-kinds.ts';
import { addObject } from '../state/collection.ts';
import { collectionOf, type Tenant } from '../state/tenant.ts';
import { type JsonObject, objectsOf, textOf } from '../values/json.ts';
import { seededGuid, seededRandom } from '../values/random.ts';
import { applePolicies } from './apple-policies.ts';
import { deviceComplianceDrafts, linuxComplianceDrafts } from './compliance-drafts.ts';
import { conditionalAccessDrafts, locationDrafts } from './conditional-access-drafts.ts';
import { deviceConfigurationDrafts } from './device-configurations.ts';
import {
  DEFAULT_SCOPE_TAG,
  filterDrafts,
  groupDrafts,
  scopeTagDrafts,
} from './directory-drafts.ts';
import { windowsExperience } from './windows-experience.ts';
import { windowsSecurity } from './windows-security.ts';

export type TenantSize = 'large' | 'middle' | 'small';

/** How much of each list of drafts a tenant of that size has. */
const SHARE: Readonly<Record<TenantSize, number>> = { large: 1, middle: 0.35, small: 0.1 };

/** Fills a tenant with a believable configuration of its size. */
export function seedTenant(seed: number, tenant: Tenant, size: TenantSize): void {
  seedFoundations(seed, tenant);
  const share = SHARE[size];
  add(seed, tenant, 'groups', groupDrafts());
  add(seed, tenant, 'assignmentFilters', some(filterDrafts(), share));
  add(seed, tenant, 'roleScopeTags', size === 'small' ? [] : scopeTagDrafts());
  const catalog = [...windowsSecurity(), ...windowsExperience(), ...applePolicies()];
  add(seed, tenant, 'configurationPolicies', some(tagged(catalog, size), share));
  add(seed, tenant, 'deviceConfigurations', some(deviceConfigurationDrafts(), share));
  add(seed, tenant, 'deviceCompliancePolicies', some(deviceComplianceDrafts(), share));
  if (size === 'large') add(seed, tenant, 'compliancePolicies', linuxComplianceDrafts());
  add(seed, tenant, 'namedLocations', locationDrafts());
  const known = {
    breakGlass: idOf(seed, tenant, 'groups', 'SG-CA-BreakGlass'),
    admins: idOf(seed, tenant, 'groups', 'SG-Admins'),
    externals: idOf(seed, tenant, 'groups', 'SG-External-Consultants'),
    office: idOf(seed, tenant, 'namedLocations', 'Offices'),
    countries: idOf(seed, tenant, 'namedLocations', 'Countries we work in'),
  };
  add(seed, tenant, 'conditionalAccessPolicies', some(conditionalAccessDrafts(known), share));
}

/** A tenant whose people and groups are there before anything is configured. */
export function seedEmptyTenant(seed: number, tenant: Tenant): void {
  seedFoundations(seed, tenant);
  add(seed, tenant, 'groups', groupDrafts());
}

/** What every tenant has, with a corpus too: itself and the built-in scope tag. */
export function seedFoundations(seed: number, tenant: Tenant): void {
  add(seed, tenant, 'roleScopeTags', [DEFAULT_SCOPE_TAG]);
  add(seed, tenant, 'organization', [
    {
      id: tenant.id,
      displayName: tenant.name,
      tenantType: 'AAD',
      countryLetterCode: 'CH',
      verifiedDomains: [{ name: tenant.domain, isDefault: true, isInitial: true, type: 'Managed' }],
      assignedPlans: [
        {
          capabilityStatus: 'Enabled',
          service: 'SCO',
          servicePlanId: 'c1ec4a95-1f05-45b3-a911-aa3fa01094f5',
        },
      ],
    },
  ]);
}

function add(seed: number, tenant: Tenant, kindName: string, drafts: JsonObject[]): void {
  const kind = findKind(kindName);
  if (kind === undefined) throw new Error(`no kind ${kindName}`);
  const collection = collectionOf(tenant, kind);
  for (const draft of drafts) {
    const name = textOf(draft[kind.nameKey]) ?? '';
    const isCounted = kindName === 'roleScopeTags';
    const madeId = isCounted
      ? String(collection.orderNext - 1)
      : idOf(seed, tenant, kindName, name);
    const id = textOf(draft['id']) ?? madeId;
    const whole: JsonObject = {
      ...kind.defaults,
      ...seededDates(seed, kindName, name),
      ...draft,
      id,
    };
    if (kind.modifiedKey === null) delete whole['lastModifiedDateTime'];
    if (kind.hasVersion) whole['version'] = 1;
    const rules = objectsOf(draft['scheduledActionsForRule']);
    if (rules.length > 0) whole['scheduledActionsForRule'] = withRuleIds(id, rules);
    addObject(collection, whole);
  }
}

/** The id of a seeded object: known before the object is made, so that others can refer to it. */
function idOf(seed: number, tenant: Tenant, kindName: string, name: string): string {
  return seededGuid(seed, tenant.id, kindName, name);
}

/** Instants with seven digits of fraction, as Intune writes them. */
function seededDates(seed: number, kindName: string, name: string): JsonObject {
  const random = seededRandom(seed, kindName, name);
  const created = Date.UTC(2025, 8, 1) + Math.floor(random() * 120 * 86_400_000);
  const modified = created + Math.floor(random() * 60 * 86_400_000);
  const written = (at: number) => new Date(at).toISOString().replace('Z', '4417Z');
  const isConditionalAccess = /^(conditionalAccessPolicies|namedLocations)$/.test(kindName);
  const modifiedKey = isConditionalAccess ? 'modifiedDateTime' : 'lastModifiedDateTime';
  return { createdDateTime: written(created), [modifiedKey]: written(modified) };
}

/** At least one of each list. */
function some(drafts: JsonObject[], share: number): JsonObject[] {
  return drafts.slice(0, Math.max(1, Math.round(drafts.length * share)));
}

/** Larger tenants give some policies further scope tags. */
function tagged(drafts: JsonObject[], size: TenantSize): JsonObject[] {
  if (size === 'small') return drafts;
  return drafts.map((draft, at) =>
    at % 4 === 1 ? { ...draft, roleScopeTagIds: ['0', '1', '2'] } : draft,
  );
}

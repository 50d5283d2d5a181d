import type {
  BackupId,
  ComparisonId,
  PolicyId,
  RestoreId,
  RunId,
  TenantId,
} from '../kernel/ids.ts';

/** Where things are, so that no client puts an address together by itself. */
export function tenantLinks(tenant: TenantId) {
  return { self: `/api/tenants/${tenant}` };
}

export function runLinks(tenant: TenantId, run: RunId) {
  const self = `${tenantLinks(tenant).self}/runs/${run}`;
  return { self, items: `${self}/items` };
}

export function policyLinks(tenant: TenantId, policy: PolicyId) {
  const self = `${tenantLinks(tenant).self}/policies/${policy}`;
  return { self, versions: `${self}/versions` };
}

export function versionLinks(tenant: TenantId, policy: PolicyId, number: number) {
  return { self: `${policyLinks(tenant, policy).versions}/${number}` };
}

export function backupLinks(tenant: TenantId, backup: BackupId) {
  const self = `${tenantLinks(tenant).self}/backups/${backup}`;
  return { self, items: `${self}/items`, changes: `${self}/changes` };
}

export function restoreLinks(tenant: TenantId, restore: RestoreId) {
  const self = `${tenantLinks(tenant).self}/restores/${restore}`;
  return {
    self,
    items: `${self}/items`,
    mapping: `${self}/mapping`,
    references: `${self}/references`,
  };
}

export function comparisonLinks(tenant: TenantId, comparison: ComparisonId) {
  const self = `${tenantLinks(tenant).self}/comparisons/${comparison}`;
  return { self, items: `${self}/items` };
}

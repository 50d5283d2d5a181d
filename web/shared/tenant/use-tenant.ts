import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type Tenant, tenantSchema } from '../../../src/api/tenants.ts';
import type { Capability } from '../../../src/kernel/capabilities.ts';
import { request } from '../api/request.ts';

/** The tenant of the address; null on pages without one. */
export function useTenantId(): string | null {
  return useParams({ strict: false }).tenant ?? null;
}

/** Where the API of the address's tenant begins: `/api/tenants/…`. Only below `/t/$tenant`. */
export function useTenantApi(): string {
  const id = useTenantId();
  if (id === null) throw new Error('this page has no tenant in its address');
  return tenantApi(id);
}

export function tenantApi(id: string): string {
  return `/api/tenants/${encodeURIComponent(id)}`;
}

/** The tenant of the address, with the caller's role and rights in it. */
export function useTenant(): Tenant {
  const path = useTenantApi();
  return useSuspenseQuery(tenantQuery(path)).data;
}

export function tenantQuery(path: string) {
  return {
    queryKey: ['tenant', path] as const,
    queryFn: () => request(tenantSchema, path),
    staleTime: 30_000,
  };
}

/** Null when the caller may do this here; otherwise why not, in words for a tooltip. */
export function useRefusal(capability: Capability): string | null {
  const { capabilities, role } = useTenant();
  if (capabilities.includes(capability)) return null;
  return `Your role here (${role}) does not include this. Ask an owner of the tenant.`;
}

import { NavLink } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { tenantApi, tenantQuery, useTenantId } from '../../shared/tenant/use-tenant.ts';
import { TENANT_PAGES } from '../tenant-pages.ts';

/** The pages of the tenant in the address; what one may not see is not there. */
export function Navigation() {
  const tenant = useTenantId();
  return tenant === null ? null : <TenantNavigation tenant={tenant} />;
}

function TenantNavigation({ tenant }: { readonly tenant: string }) {
  const { data } = useQuery(tenantQuery(tenantApi(tenant)));
  if (data === undefined) return null;
  const pages = TENANT_PAGES.filter(({ needs }) => data.capabilities.includes(needs));
  return pages.map(({ to, label, icon: Icon }) => (
    <NavLink
      key={to}
      label={label}
      leftSection={<Icon size={17} aria-hidden />}
      renderRoot={(props: Record<string, unknown>) => (
        <Link
          {...props}
          to={to}
          params={{ tenant }}
          activeOptions={{ exact: to === '/t/$tenant' }}
          activeProps={{ 'data-active': true, 'aria-current': 'page' }}
        />
      )}
    />
  ));
}

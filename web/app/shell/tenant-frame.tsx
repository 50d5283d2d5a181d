import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { ApiProblem } from '../../shared/api/problem.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { tenantQuery, useTenantApi } from '../../shared/tenant/use-tenant.ts';

/** Around the pages of one tenant: none is drawn before it is known that one may see it. */
export function TenantFrame() {
  const tenant = useQuery(tenantQuery(useTenantApi()));
  if (tenant.data !== undefined) return <Outlet />;
  if (tenant.error === null) return <LoadingRows />;
  const isForbidden = tenant.error instanceof ApiProblem && tenant.error.problem.status === 403;
  if (!isForbidden) return <FailedState error={tenant.error} retry={() => tenant.refetch()} />;
  return (
    <EmptyState
      title="You cannot see this tenant"
      action={<AppLink to="/">To the tenants that you can see</AppLink>}
    >
      It does not exist, or you are not a member of it. An owner of the tenant can invite you.
    </EmptyState>
  );
}

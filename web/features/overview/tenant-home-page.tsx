import { Page } from '../../shared/page/page.tsx';
import { useTenant } from '../../shared/tenant/use-tenant.ts';

/** How one tenant stands. */
export function TenantHomePage() {
  const tenant = useTenant();
  return <Page title={tenant.name}>{null}</Page>;
}

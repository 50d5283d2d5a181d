import { Page } from '../../shared/page/page.tsx';

/** Add a tenant. */
export function AddTenantPage() {
  return <Page title="Add a tenant">{null}</Page>;
}

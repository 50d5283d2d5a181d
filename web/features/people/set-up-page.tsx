import { Page } from '../../shared/page/page.tsx';

/** Set up TenantAtlas. */
export function SetUpPage() {
  return <Page title="Set up TenantAtlas">{null}</Page>;
}

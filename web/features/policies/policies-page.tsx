import { Page } from '../../shared/page/page.tsx';

/** Policies. */
export function PoliciesPage() {
  return <Page title="Policies">{null}</Page>;
}

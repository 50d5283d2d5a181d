import { Page } from '../../shared/page/page.tsx';

/** Your account. */
export function AccountPage() {
  return <Page title="Your account">{null}</Page>;
}

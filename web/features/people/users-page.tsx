import { Page } from '../../shared/page/page.tsx';

/** People. */
export function UsersPage() {
  return <Page title="People">{null}</Page>;
}

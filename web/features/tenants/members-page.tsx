import { Page } from '../../shared/page/page.tsx';

/** Members. */
export function MembersPage() {
  return <Page title="Members">{null}</Page>;
}

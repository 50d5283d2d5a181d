import { Page } from '../../shared/page/page.tsx';

/** Policy. */
export function PolicyPage() {
  return <Page title="Policy">{null}</Page>;
}

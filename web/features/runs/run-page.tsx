import { Page } from '../../shared/page/page.tsx';

/** Run. */
export function RunPage() {
  return <Page title="Run">{null}</Page>;
}

import { Page } from '../../shared/page/page.tsx';

/** Runs. */
export function RunsPage() {
  return <Page title="Runs">{null}</Page>;
}

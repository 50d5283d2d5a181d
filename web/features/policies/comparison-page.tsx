import { Page } from '../../shared/page/page.tsx';

/** Comparison. */
export function ComparisonPage() {
  return <Page title="Comparison">{null}</Page>;
}

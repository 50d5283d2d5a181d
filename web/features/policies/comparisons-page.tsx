import { Page } from '../../shared/page/page.tsx';

/** Comparisons. */
export function ComparisonsPage() {
  return <Page title="Comparisons">{null}</Page>;
}

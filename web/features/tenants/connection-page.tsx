import { Page } from '../../shared/page/page.tsx';

/** Connection. */
export function ConnectionPage() {
  return <Page title="Connection">{null}</Page>;
}

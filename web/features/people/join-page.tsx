import { Page } from '../../shared/page/page.tsx';

/** Join. */
export function JoinPage() {
  return <Page title="Join">{null}</Page>;
}

import { Page } from '../../shared/page/page.tsx';

/** Restore. */
export function RestorePage() {
  return <Page title="Restore">{null}</Page>;
}

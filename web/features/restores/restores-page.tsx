import { Page } from '../../shared/page/page.tsx';

/** Restores. */
export function RestoresPage() {
  return <Page title="Restores">{null}</Page>;
}

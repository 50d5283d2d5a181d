import { Page } from '../../shared/page/page.tsx';

/** Versions compared. */
export function VersionsComparedPage() {
  return <Page title="Versions compared">{null}</Page>;
}

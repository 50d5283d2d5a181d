import { Page } from '../../shared/page/page.tsx';

/** Backups. */
export function BackupsPage() {
  return <Page title="Backups">{null}</Page>;
}

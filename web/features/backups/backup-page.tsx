import { Page } from '../../shared/page/page.tsx';

/** Backup. */
export function BackupPage() {
  return <Page title="Backup">{null}</Page>;
}

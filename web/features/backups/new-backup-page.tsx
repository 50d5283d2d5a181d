import { Page } from '../../shared/page/page.tsx';

/** New backup. */
export function NewBackupPage() {
  return <Page title="New backup">{null}</Page>;
}

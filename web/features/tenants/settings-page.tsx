import { Page } from '../../shared/page/page.tsx';

/** Settings. */
export function SettingsPage() {
  return <Page title="Settings">{null}</Page>;
}

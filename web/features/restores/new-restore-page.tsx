import { Page } from '../../shared/page/page.tsx';

/** New restore. */
export function NewRestorePage() {
  return <Page title="New restore">{null}</Page>;
}

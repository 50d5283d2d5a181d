import { Page } from '../../shared/page/page.tsx';

/** Audit. */
export function AuditPage() {
  return <Page title="Audit">{null}</Page>;
}

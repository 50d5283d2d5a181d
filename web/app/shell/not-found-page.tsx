import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';

/** An address that no page has. */
export function NotFoundPage() {
  return (
    <EmptyState title="There is no such page" action={<AppLink to="/">To the overview</AppLink>}>
      The address may have been cut off when it was copied.
    </EmptyState>
  );
}

import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OverviewTenant } from '../../../src/api/overview.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { useStartRun } from '../../shared/action/use-start-run.tsx';

/** The one thing that helps this tenant most. */
export function HelpingButton({ tenant }: { readonly tenant: OverviewTenant }) {
  const start = useStartRun();
  const { id, attention, capabilities } = tenant;
  if (attention === 'none') return null;
  if (attention === 'not_connected') {
    return <PageButton to="/t/$tenant/connection" tenant={id} words="Connect" />;
  }
  if (attention === 'runs_failed') {
    return <PageButton to="/t/$tenant/runs" tenant={id} words="See runs" />;
  }
  const isAllowed = capabilities.includes('backups:create');
  return (
    <GatedButton
      size="compact-xs"
      variant="default"
      refusal={isAllowed ? null : 'Your role in this tenant does not include backups.'}
      loading={start.isPending}
      onClick={() => {
        const input = { selection: { kind: 'all' } };
        start.mutate({
          tenant: id,
          type: 'backup.create',
          title: `Backup of ${tenant.name}`,
          input,
        });
      }}
    >
      Back up now
    </GatedButton>
  );
}

interface PageButtonProps {
  readonly to: '/t/$tenant/connection' | '/t/$tenant/runs';
  readonly tenant: string;
  readonly words: string;
}

function PageButton({ to, tenant, words }: PageButtonProps) {
  return (
    <Button
      size="compact-xs"
      variant="default"
      renderRoot={(props: Record<string, unknown>) => (
        <Link {...props} to={to} params={{ tenant }} />
      )}
    >
      {words}
    </Button>
  );
}

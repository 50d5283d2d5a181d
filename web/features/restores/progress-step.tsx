import { Alert, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { useRefusal } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { RestoreItems } from './restore-items.tsx';
import type { StepProps } from './restore-page.tsx';
import { useChangeRestore } from './use-restore.ts';

const route = getRouteApi('/signed-in/t/$tenant/restores/$restore');
const REFRESH_MS = 2_000;

const RESULTS = [
  { value: 'unknown', label: 'Need decision' },
  { value: 'failed', label: 'Failed' },
  { value: 'differs', label: 'Differ' },
  { value: 'not_written', label: 'Not written' },
  { value: 'verified', label: 'Verified' },
  { value: 'removed', label: 'Deleted' },
] as const;

/** What is being written and what came of it; from here it is decided, taken back, tried again. */
export function ProgressStep({ restore, path, tenant }: StepProps) {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const { execution, results } = restore;
  if (execution === null) {
    return <EmptyState title="Nothing was written yet">Confirm the preview to begin.</EmptyState>;
  }
  const some = RESULTS.filter(({ value }) => (results?.[value] ?? 1) > 0);
  const result = some.find(({ value }) => value === show)?.value;
  const isLive = restore.state === 'executing';
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <ExecutionFacts restore={restore} tenant={tenant} />
        {!isLive && <Followups path={path} tenant={tenant} restore={restore} />}
      </Group>
      {(results?.unknown ?? 0) > 0 && (
        <Alert color="orange" variant="outline" title={`${results?.unknown} need your decision`}>
          <Text size="sm">It cannot be told whether they were written. Open them below.</Text>
        </Alert>
      )}
      <SegmentedControl
        aria-label="What became of them"
        value={result ?? 'all'}
        data={[
          { value: 'all', label: 'All' },
          ...some.map(({ value, label }) => ({
            value,
            label: results === null ? label : `${label} ${results[value]}`,
          })),
        ]}
        onChange={(value) => navigate({ search: (old) => ({ ...old, show: value }) })}
      />
      <RestoreItems
        restore={restore}
        path={path}
        query={{ result }}
        {...(isLive && { refreshMs: REFRESH_MS })}
      />
    </Stack>
  );
}

function ExecutionFacts({ restore, tenant }: Pick<StepProps, 'restore' | 'tenant'>) {
  const { execution, confirmed } = restore;
  if (execution === null) return null;
  return (
    <Text size="sm" c="dimmed">
      Begun <Instant at={execution.beganAt} />
      {execution.endedAt !== null && (
        <>
          , ended <Instant at={execution.endedAt} />
        </>
      )}
      {confirmed !== null && `, confirmed by ${confirmed.by}: “${confirmed.reason}”`}.{' '}
      {execution.runId !== null && (
        <AppLink to="/t/$tenant/runs/$run" params={{ tenant, run: execution.runId }}>
          View run
        </AppLink>
      )}{' '}
      {execution.safetyBackupId !== null && (
        <AppLink
          to="/t/$tenant/backups/$backup"
          params={{ tenant, backup: execution.safetyBackupId }}
        >
          Safety backup
        </AppLink>
      )}
    </Text>
  );
}

/** New restores that follow this one; each goes through a preview of its own. */
function Followups({ path, tenant, restore }: Omit<StepProps, 'go'>) {
  const navigate = useNavigate();
  const plan = useRefusal('restores:plan');
  const execute = useRefusal('restores:execute');
  const retry = useChangeRestore(path, 'retry');
  const undo = useChangeRestore(path, 'undo');
  const repair = useChangeRestore(path, 'repair');
  const open = {
    onSuccess: ({ id }: { readonly id: string }) =>
      navigate({
        to: '/t/$tenant/restores/$restore',
        params: { tenant, restore: id },
        search: { step: 'preview' },
      }),
  };
  const { results } = restore;
  const hasFailed = (results?.failed ?? 0) + (results?.not_written ?? 0) > 0;
  return (
    <Group gap="xs">
      <GatedButton
        variant="default"
        refusal={hasFailed ? plan : 'Nothing failed.'}
        loading={retry.isPending}
        onClick={() => retry.mutate({}, open)}
      >
        Try the failed ones again
      </GatedButton>
      <GatedButton
        variant="default"
        refusal={plan}
        loading={repair.isPending}
        onClick={() => repair.mutate({}, open)}
      >
        Repair references
      </GatedButton>
      <GatedButton
        variant="default"
        refusal={execute}
        loading={undo.isPending}
        onClick={() => undo.mutate({ deleteCreated: true }, open)}
      >
        Undo
      </GatedButton>
    </Group>
  );
}

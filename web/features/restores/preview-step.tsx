import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { type RunDetail, runDetailSchema } from '../../../src/api/runs.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { useStartRun } from '../../shared/action/use-start-run.tsx';
import { request } from '../../shared/api/request.ts';
import { refreshEvery } from '../../shared/live/live-stream.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { tenantApi, useRefusal } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { StateBadge } from '../../shared/words/state-badge.tsx';
import { RestoreItems } from './restore-items.tsx';
import type { StepProps } from './restore-page.tsx';

const route = getRouteApi('/signed-in/t/$tenant/restores/$restore');

const ACTIONS = [
  { value: 'create', label: 'Create' },
  { value: 'update', label: 'Update' },
  { value: 'delete', label: 'Delete' },
  { value: 'blocked', label: 'Blocked' },
  { value: 'skip', label: 'Skip' },
  { value: 'unchanged', label: 'As it is' },
] as const;

/** What would be done, item by item, with the differences from what is live now. */
export function PreviewStep({ restore, path, tenant, go }: StepProps) {
  const refusal = useRefusal('restores:plan');
  const start = useStartRun();
  const run = usePreviewRun(tenant, path, restore.previewRunId);
  const isRunning = run !== undefined && run.phase !== 'ended';
  const hasBegun = restore.state === 'executing' || restore.state === 'ended';
  const preview = () =>
    start.mutate({
      tenant,
      type: 'restore.plan',
      title: 'Preview',
      input: { restoreId: restore.id },
    });
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed">
          {restore.previewedAt === null ? (
            'No preview yet. It reads the tenant and writes nothing.'
          ) : (
            <>
              Previewed <Instant at={restore.previewedAt} />. It counts for an hour.
            </>
          )}
        </Text>
        {!hasBegun && (
          <Group gap="xs">
            <GatedButton
              variant={restore.previewedAt === null ? 'filled' : 'default'}
              refusal={isRunning ? 'A preview is being made.' : refusal}
              loading={start.isPending}
              onClick={preview}
            >
              {restore.previewedAt === null ? 'Make the preview' : 'Preview again'}
            </GatedButton>
            {restore.previewedAt !== null && <Button onClick={() => go('confirm')}>Go on</Button>}
          </Group>
        )}
      </Group>
      {isRunning && (
        <Alert variant="outline" title="The preview is being made">
          <Text size="sm">
            {doneOf(run)} of {run.counts.total} read.{' '}
            <AppLink to="/t/$tenant/runs/$run" params={{ tenant, run: run.id }}>
              View run
            </AppLink>
          </Text>
        </Alert>
      )}
      {!hasBegun && !isRunning && restore.previewedAt !== null && <Stale restore={restore} />}
      {restore.counts !== null && <Items restore={restore} path={path} />}
      {restore.counts === null && !isRunning && (
        <EmptyState title="Nothing previewed yet">
          The preview matches each version with what is there, and shows the very changes.
        </EmptyState>
      )}
    </Stack>
  );
}

function doneOf({ counts }: Pick<RunDetail, 'counts'>): number {
  return counts.succeeded + counts.skipped + counts.failed + counts.unknown;
}

function Stale({ restore }: { readonly restore: StepProps['restore'] }) {
  if (restore.stale.length === 0) return null;
  return (
    <Alert color="orange" variant="outline" title="This preview does not hold any more">
      {restore.stale.map((reason) => (
        <Text size="sm" key={reason.code}>
          {reason.message} {reason.next}
        </Text>
      ))}
    </Alert>
  );
}

function Items({
  restore,
  path,
}: {
  readonly restore: StepProps['restore'];
  readonly path: string;
}) {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const { counts } = restore;
  if (counts === null) return null;
  const some = ACTIONS.filter(({ value }) => counts[value] > 0);
  const action = some.find(({ value }) => value === show)?.value;
  return (
    <Stack gap="sm">
      <Group gap="md">
        <SegmentedControl
          aria-label="What would be done"
          value={action ?? 'all'}
          data={[
            { value: 'all', label: 'All' },
            ...some.map(({ value, label }) => ({ value, label: `${label} ${counts[value]}` })),
          ]}
          onChange={(value) => navigate({ search: (old) => ({ ...old, show: value }) })}
        />
        {counts.create + counts.update + counts.delete === 0 && (
          <StateBadge tone="quiet">Nothing would be written</StateBadge>
        )}
      </Group>
      <RestoreItems restore={restore} path={path} query={{ action }} />
    </Stack>
  );
}

/** The run that makes the preview; while it is live the restore is asked anew as well. */
function usePreviewRun(tenant: string, path: string, id: string | null) {
  const cache = useQueryClient();
  const address = `${tenantApi(tenant)}/runs/${id}`;
  const { data } = useQuery({
    queryKey: ['run', address],
    queryFn: () => request(runDetailSchema, address),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data?.phase === 'ended' ? false : refreshEvery(1_000)),
  });
  const phase = data?.phase;
  useEffect(() => {
    if (phase !== 'ended') return;
    void cache.invalidateQueries({ queryKey: ['restore', path] });
    void cache.invalidateQueries({ queryKey: ['restore-items', path] });
    void cache.invalidateQueries({ queryKey: ['restore-mapping', path] });
  }, [cache, path, phase]);
  return data;
}

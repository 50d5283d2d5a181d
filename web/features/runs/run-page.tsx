import {
  Alert,
  Group,
  Paper,
  Progress,
  SimpleGrid,
  Stack,
  Text,
  VisuallyHidden,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type RunDetail, runDetailSchema } from '../../../src/api/runs.ts';
import { CopyButton } from '../../shared/action/copy-button.tsx';
import { request } from '../../shared/api/request.ts';
import { refreshEvery } from '../../shared/live/live-stream.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { Page } from '../../shared/page/page.tsx';
import { useTenantApi } from '../../shared/tenant/use-tenant.ts';
import { durationText } from '../../shared/time/duration-text.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { runState } from '../../shared/words/run-state.ts';
import { StateBadge } from '../../shared/words/state-badge.tsx';
import { CancelRun } from './cancel-run.tsx';
import { RunItems } from './run-items.tsx';

const route = getRouteApi('/signed-in/t/$tenant/runs/$run');
const LIVE_REFRESH_MS = 1_000;

/** One run: where it is, what it does, what failed, and what to do about it. */
export function RunPage() {
  const { tenant, run: id } = route.useParams();
  const path = `${useTenantApi()}/runs/${encodeURIComponent(id)}`;
  const run = useQuery({
    queryKey: ['run', path],
    queryFn: () => request(runDetailSchema, path),
    refetchInterval: ({ state }) =>
      state.data?.phase === 'ended' ? false : refreshEvery(LIVE_REFRESH_MS),
  });
  const { data } = run;
  const trail = [
    <AppLink key="runs" to="/t/$tenant/runs" params={{ tenant }}>
      Runs
    </AppLink>,
  ];
  return (
    <Page
      title={data?.title ?? 'Run'}
      trail={trail}
      summary={data && <StateBadge tone={runState(data).tone}>{runState(data).words}</StateBadge>}
      actions={
        <>
          <CopyButton value={window.location.href} label="Copy link" />
          {data !== undefined && data.phase !== 'ended' && <CancelRun run={data} path={path} />}
        </>
      }
    >
      {run.error !== null && <FailedState error={run.error} retry={() => run.refetch()} />}
      {data === undefined && run.error === null && <LoadingRows />}
      {data !== undefined && (
        <>
          <Reason run={data} />
          <RunProgress run={data} />
          <Results run={data} tenant={tenant} />
          <RunItems path={`${path}/items`} isLive={data.phase !== 'ended'} />
        </>
      )}
    </Page>
  );
}

/** Why it waits, failed or never started. */
function Reason({ run }: { readonly run: RunDetail }) {
  if (run.reason === null) return null;
  const isWaiting = run.phase !== 'ended';
  return (
    <Alert variant="outline" color={isWaiting ? 'blue' : 'red'} title={run.reason.message}>
      <Text size="sm">
        {run.reason.next}
        {isWaiting && (
          <>
            {' '}
            It goes on <Instant at={run.runAt} />.
          </>
        )}
      </Text>
    </Alert>
  );
}

function RunProgress({ run }: { readonly run: RunDetail }) {
  const { counts, graph } = run;
  const done = counts.succeeded + counts.skipped + counts.failed + counts.unknown;
  const share = counts.total === 0 ? 0 : (100 * done) / counts.total;
  const isLive = run.phase !== 'ended';
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Progress.Root size="lg" aria-hidden>
          <Progress.Section
            value={(share * counts.succeeded) / Math.max(done, 1)}
            color="green.7"
          />
          <Progress.Section value={(share * counts.skipped) / Math.max(done, 1)} color="gray.5" />
          <Progress.Section
            value={(share * (counts.failed + counts.unknown)) / Math.max(done, 1)}
            color="red.7"
          />
        </Progress.Root>
        <VisuallyHidden role="status">
          {isLive ? `${Math.floor(share / 10) * 10} %` : ''}
        </VisuallyHidden>
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
          <Fact label="Done" value={`${done} of ${counts.total}${run.plannedAt ? '' : '+'}`} />
          <Fact label="Failed" value={String(counts.failed)} />
          <Fact label="Need your decision" value={String(counts.unknown)} />
          <Fact label="Skipped" value={String(counts.skipped)} />
          <Fact label="Calls to Graph" value={callsOf(graph)} />
          <Fact label={isLive ? 'Time left' : 'Took'} value={timeOf(run, done)} />
        </SimpleGrid>
        <Text size="sm" c="dimmed">
          Started by {run.initiator.label}, created <Instant at={run.createdAt} />
          {run.startedAt !== null && (
            <>
              , begun <Instant at={run.startedAt} />
            </>
          )}
          {run.endedAt !== null && (
            <>
              , ended <Instant at={run.endedAt} />
            </>
          )}
          .
        </Text>
      </Stack>
    </Paper>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fw={600}>{value}</Text>
    </div>
  );
}

function callsOf({ calls, callsSaved, throttled }: RunDetail['graph']): string {
  const saved = callsSaved > 0 ? `, ${callsSaved} saved` : '';
  return `${calls}${saved}${throttled > 0 ? `, ${throttled} waited` : ''}`;
}

/** From the rate so far; nothing is promised while the work is still being listed. */
function timeOf(run: RunDetail, done: number): string {
  if (run.startedAt === null) return '—';
  const startedAt = new Date(run.startedAt).getTime();
  if (run.endedAt !== null) return durationText(new Date(run.endedAt).getTime() - startedAt);
  if (run.plannedAt === null || done === 0) return 'not known yet';
  const perItem = (Date.now() - startedAt) / done;
  return `about ${durationText(perItem * (run.counts.total - done))}`;
}

/** To what it made. */
function Results({ run, tenant }: { readonly run: RunDetail; readonly tenant: string }) {
  if (run.backupId === null && run.policyId === null) return null;
  return (
    <Group gap="md">
      {run.backupId !== null && (
        <AppLink to="/t/$tenant/backups/$backup" params={{ tenant, backup: run.backupId }}>
          The backup
        </AppLink>
      )}
      {run.policyId !== null && (
        <AppLink to="/t/$tenant/policies/$policy" params={{ tenant, policy: run.policyId }}>
          The policy
        </AppLink>
      )}
    </Group>
  );
}

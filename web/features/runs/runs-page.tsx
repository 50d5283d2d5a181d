import { Group, Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type Run, runSchema } from '../../../src/api/runs.ts';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { Page } from '../../shared/page/page.tsx';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { moreOf } from '../../shared/table/more-of.ts';
import { useTenantApi, useTenantId } from '../../shared/tenant/use-tenant.ts';
import { durationText } from '../../shared/time/duration-text.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { runState } from '../../shared/words/run-state.ts';
import { StateBadge } from '../../shared/words/state-badge.tsx';

const route = getRouteApi('/signed-in/t/$tenant/runs');
const REFRESH_MS = 3_000;

/** What was and is done in the tenant, newest first. */
export function RunsPage() {
  const tenant = useTenantId() ?? '';
  const { type, phase } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList(runSchema, `${useTenantApi()}/runs`, { type, phase }, REFRESH_MS);
  return (
    <Page title="Runs" summary="Everything that talks to Microsoft Graph, and what came of it.">
      <Group gap="xs">
        <Select
          aria-label="Kind of run"
          placeholder="Every kind"
          clearable
          value={type ?? null}
          data={TYPES}
          onChange={(value) =>
            navigate({ search: (old) => ({ ...old, type: value ?? undefined }) })
          }
        />
        <Select
          aria-label="State"
          placeholder="Every state"
          clearable
          value={phase ?? null}
          data={PHASES}
          onChange={(value) =>
            navigate({
              search: (old) => ({
                ...old,
                phase: PHASES.find((one) => one.value === value)?.value,
              }),
            })
          }
        />
      </Group>
      <ListView
        list={list}
        empty={
          <EmptyState title="No run">
            {type === undefined && phase === undefined
              ? 'A sync or a backup will be shown here while it runs and afterwards.'
              : 'Nothing matches these filters.'}
          </EmptyState>
        }
      >
        {(rows) => (
          <DataTable
            label="Runs"
            columns={columnsFor(tenant)}
            rows={rows}
            rowId={(row) => row.id}
            {...moreOf(list)}
          />
        )}
      </ListView>
    </Page>
  );
}

const TYPES = [
  { value: 'backup.create', label: 'Backup' },
  { value: 'policy.sync', label: 'Sync' },
  { value: 'policy.capture_snapshot', label: 'Capture snapshot' },
  { value: 'connection.verify', label: 'Verify connection' },
  { value: 'restore.plan', label: 'Preview a restore' },
  { value: 'restore.execute', label: 'Restore' },
  { value: 'restore.resolve', label: 'Decisions of a restore' },
  { value: 'policy.compare_live', label: 'Compare with live' },
  { value: 'backup.compare', label: 'Compare backups' },
  { value: 'directory.sync_groups', label: 'Sync groups' },
];

const PHASES = [
  { value: 'queued', label: 'Queued' },
  { value: 'running', label: 'Running' },
  { value: 'ended', label: 'Ended' },
] as const;

function columnsFor(tenant: string): readonly Column<Run>[] {
  return [
    {
      id: 'title',
      title: 'Run',
      cell: (run) => (
        <AppLink to="/t/$tenant/runs/$run" params={{ tenant, run: run.id }}>
          {run.title}
        </AppLink>
      ),
    },
    {
      id: 'state',
      title: 'State',
      cell: (run) => <StateBadge tone={runState(run).tone}>{runState(run).words}</StateBadge>,
    },
    { id: 'items', title: 'Items', align: 'right', hiddenBelow: 'sm', cell: itemsOf },
    {
      id: 'failed',
      title: 'Failed',
      align: 'right',
      hiddenBelow: 'sm',
      cell: ({ counts }) => counts.failed + counts.unknown,
    },
    { id: 'by', title: 'Started by', hiddenBelow: 'md', cell: ({ initiator }) => initiator.label },
    { id: 'at', title: 'Created', cell: (run) => <Instant at={run.createdAt} /> },
    { id: 'took', title: 'Took', align: 'right', hiddenBelow: 'md', cell: tookOf },
  ];
}

function itemsOf({ counts }: Run): string {
  const done = counts.succeeded + counts.skipped + counts.failed + counts.unknown;
  return done === counts.total ? String(done) : `${done} of ${counts.total}`;
}

function tookOf({ startedAt, endedAt }: Run): string {
  if (startedAt === null || endedAt === null) return '';
  return durationText(new Date(endedAt).getTime() - new Date(startedAt).getTime());
}

import { Text } from '@mantine/core';
import type { Attention, OverviewTenant } from '../../../src/api/overview.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import type { Selection } from '../../shared/table/use-selection.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { StateBadge, type Tone } from '../../shared/words/state-badge.tsx';
import { HelpingButton } from './helping-button.tsx';

const STATES = {
  not_connected: { tone: 'bad', words: 'Not connected' },
  backup_failed: { tone: 'bad', words: 'No complete backup' },
  backup_absent: { tone: 'bad', words: 'Never backed up' },
  not_verified: { tone: 'warn', words: 'Connection not verified' },
  backup_stale: { tone: 'warn', words: 'Backup older than 24 h' },
  backup_incomplete: { tone: 'warn', words: 'Last backup incomplete' },
  runs_failed: { tone: 'warn', words: 'Runs failed' },
  none: { tone: 'good', words: 'Fine' },
} as const satisfies Record<Attention, { tone: Tone; words: string }>;

const COLUMNS: readonly Column<OverviewTenant>[] = [
  {
    id: 'name',
    title: 'Tenant',
    cell: (row) => (
      <AppLink to="/t/$tenant" params={{ tenant: row.id }} fw={500}>
        {row.name}
      </AppLink>
    ),
  },
  {
    id: 'state',
    title: 'State',
    cell: ({ attention }) => (
      <StateBadge tone={STATES[attention].tone}>{STATES[attention].words}</StateBadge>
    ),
  },
  {
    id: 'backup',
    title: 'Last complete backup',
    cell: ({ lastCompleteBackup: backup }) =>
      backup === null ? <Text c="dimmed">none</Text> : <Instant at={backup.at} />,
  },
  {
    id: 'changes',
    title: 'Changes since',
    align: 'right',
    hiddenBelow: 'sm',
    cell: ({ changesSince, lastCompleteBackup }) =>
      lastCompleteBackup === null ? '' : changesSince === 100 ? '100+' : changesSince,
  },
  {
    id: 'coverage',
    title: 'Coverage',
    hiddenBelow: 'md',
    cell: ({ coverage }) => coverageInWords(coverage),
  },
  {
    id: 'failed',
    title: 'Failed runs (7 d)',
    align: 'right',
    hiddenBelow: 'md',
    cell: ({ failedRuns, id }) =>
      failedRuns === 0 ? (
        '0'
      ) : (
        <AppLink to="/t/$tenant/runs" params={{ tenant: id }}>
          {failedRuns}
        </AppLink>
      ),
  },
  {
    id: 'live',
    title: 'Live runs',
    align: 'right',
    hiddenBelow: 'sm',
    cell: ({ liveRuns }) => liveRuns,
  },
  {
    id: 'help',
    title: 'Next step',
    align: 'right',
    cell: (row) => <HelpingButton tenant={row} />,
  },
];

interface OverviewTableProps {
  readonly rows: readonly OverviewTenant[];
  readonly selection: Selection;
}

/** Tenants, worst first. */
export function OverviewTable({ rows, selection }: OverviewTableProps) {
  return (
    <DataTable
      label="Tenants"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => row.id}
      rowLabel={(row) => row.name}
      selection={selection}
    />
  );
}

function coverageInWords(coverage: OverviewTenant['coverage']): string {
  const { covered, notLicensed, notPermitted, refused } = coverage;
  if (covered + notLicensed + notPermitted + refused === 0) return 'unknown';
  const missing = notPermitted + refused;
  const parts = [`${covered} types`];
  if (missing > 0) parts.push(`${missing} not readable`);
  if (notLicensed > 0) parts.push(`${notLicensed} not licensed`);
  return parts.join(', ');
}

import { Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type RunItem, runItemSchema } from '../../../src/api/run-items.ts';
import { useList } from '../../shared/api/use-list.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { ExportList } from '../../shared/table/export-list.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { moreOf } from '../../shared/table/more-of.ts';
import { StateBadge, type Tone } from '../../shared/words/state-badge.tsx';

const route = getRouteApi('/signed-in/t/$tenant/runs/$run');
const LIVE_REFRESH_MS = 2_000;

const OUTCOMES = {
  pending: { tone: 'quiet', words: 'To do' },
  succeeded: { tone: 'good', words: 'Done' },
  skipped: { tone: 'quiet', words: 'Skipped' },
  failed: { tone: 'bad', words: 'Failed' },
  unknown: { tone: 'warn', words: 'Needs your decision' },
} as const satisfies Record<RunItem['outcome'], { tone: Tone; words: string }>;

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'failed', label: 'Failed' },
  { value: 'unknown', label: 'Need decision' },
  { value: 'skipped', label: 'Skipped' },
  { value: 'pending', label: 'To do' },
  { value: 'succeeded', label: 'Done' },
] as const;

/** What a run works through; codes come with what happened and what to do. */
export function RunItems({ path, isLive }: { readonly path: string; readonly isLive: boolean }) {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const query = { outcome: show === 'all' ? undefined : show };
  const list = useList(runItemSchema, path, query, isLive ? LIVE_REFRESH_MS : undefined);
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2}>Items</Title>
        <Group gap="xs">
          <SegmentedControl
            aria-label="Which items"
            value={show}
            data={[...FILTERS]}
            onChange={(value) =>
              navigate({
                search: { show: FILTERS.find((one) => one.value === value)?.value ?? 'all' },
              })
            }
          />
          <ExportList name="run-items" item={runItemSchema} path={path} query={query} />
        </Group>
      </Group>
      <ListView
        list={list}
        empty={<EmptyState title={show === 'all' ? 'Nothing to work through yet' : 'None'} />}
      >
        {(rows) => (
          <DataTable
            label="Items"
            columns={COLUMNS}
            rows={rows}
            rowId={(row) => String(row.seq)}
            {...moreOf(list)}
          />
        )}
      </ListView>
    </Stack>
  );
}

const COLUMNS: readonly Column<RunItem>[] = [
  { id: 'label', title: 'Item', cell: ({ label }) => label },
  {
    id: 'outcome',
    title: 'Outcome',
    cell: ({ outcome }) => (
      <StateBadge tone={OUTCOMES[outcome].tone}>{OUTCOMES[outcome].words}</StateBadge>
    ),
  },
  {
    id: 'reason',
    title: 'Why, and what to do',
    cell: ({ reason }) =>
      reason === null ? null : (
        <>
          <Text size="sm">{reason.message}</Text>
          <Text size="xs" c="dimmed">
            {reason.next} ({reason.code})
          </Text>
        </>
      ),
  },
  {
    id: 'attempts',
    title: 'Retries',
    align: 'right',
    hiddenBelow: 'md',
    cell: ({ attempts }) => (attempts === 0 ? '' : attempts),
  },
];

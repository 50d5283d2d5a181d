import { Accordion, Group, SegmentedControl, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import {
  type Comparison,
  type ComparisonItem,
  comparisonItemsPageSchema,
  comparisonSchema,
} from '../../../src/api/comparisons.ts';
import { queryText, request } from '../../shared/api/request.ts';
import { DifferenceList } from '../../shared/differences/difference-list.tsx';
import { refreshEvery } from '../../shared/live/live-stream.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { Page } from '../../shared/page/page.tsx';
import { useTenantApi } from '../../shared/tenant/use-tenant.ts';
import { StateBadge, type Tone } from '../../shared/words/state-badge.tsx';

const route = getRouteApi('/signed-in/t/$tenant/compare/$comparison');
const REFRESH_MS = 1_000;

const STATES = {
  draft: { tone: 'quiet', words: 'Not begun' },
  comparing: { tone: 'live', words: 'Comparing' },
  complete: { tone: 'good', words: 'Complete' },
  incomplete: { tone: 'warn', words: 'Incomplete' },
} as const satisfies Record<Comparison['state'], { tone: Tone; words: string }>;

const KINDS = {
  new: { tone: 'good', words: 'New' },
  changed: { tone: 'warn', words: 'Changed' },
  unchanged: { tone: 'quiet', words: 'Unchanged' },
  gone: { tone: 'bad', words: 'Deleted' },
  left_out: { tone: 'quiet', words: 'Not on the later side' },
  ambiguous: { tone: 'warn', words: 'Several bear its name' },
  uncompared: { tone: 'quiet', words: 'Not looked into' },
} as const satisfies Record<ComparisonItem['kind'], { tone: Tone; words: string }>;

/** What a comparison found, policy by policy and setting by setting. */
export function ComparisonPage() {
  const { tenant, comparison: id } = route.useParams();
  const path = `${useTenantApi()}/comparisons/${encodeURIComponent(id)}`;
  const comparison = useQuery({
    queryKey: ['comparison', path],
    queryFn: () => request(comparisonSchema, path),
    // its run makes it, and may just be beginning
    retry: 5,
    refetchInterval: ({ state }) =>
      state.data?.completedAt === null ? refreshEvery(REFRESH_MS) : false,
  });
  const { data, error } = comparison;
  return (
    <Page
      title={data ? `${data.before.label} → ${data.after.label}` : 'Comparison'}
      trail={[
        <AppLink key="runs" to="/t/$tenant/runs" params={{ tenant }}>
          Runs
        </AppLink>,
      ]}
      summary={
        data && <StateBadge tone={STATES[data.state].tone}>{STATES[data.state].words}</StateBadge>
      }
    >
      {error !== null && <FailedState error={error} retry={() => comparison.refetch()} />}
      {error === null && data?.completedAt === null && <LoadingRows />}
      {data !== undefined && data.completedAt !== null && <Found comparison={data} path={path} />}
    </Page>
  );
}

function Found({ comparison, path }: { readonly comparison: Comparison; readonly path: string }) {
  const { kind } = route.useSearch();
  const navigate = route.useNavigate();
  const kinds = Object.entries(comparison.counts ?? {}).filter(([, count]) => count > 0);
  const items = useInfiniteQuery({
    queryKey: ['comparison-items', path, kind],
    queryFn: ({ pageParam }) =>
      request(comparisonItemsPageSchema, `${path}/items${queryText({ kind, cursor: pageParam })}`),
    initialPageParam: cursorOf(null),
    getNextPageParam: (page) => cursorOf(page.nextCursor),
  });
  if (items.error !== null)
    return <FailedState error={items.error} retry={() => items.refetch()} />;
  if (items.data === undefined) return <LoadingRows />;
  const rows = items.data.pages.flatMap((page) => page.items);
  const groupNames = Object.assign({}, ...items.data.pages.map((page) => page.groupNames));
  return (
    <>
      <SegmentedControl
        aria-label="What became of them"
        value={kind ?? 'all'}
        data={[
          { value: 'all', label: 'All differences' },
          ...kinds
            .filter(([name]) => name !== 'unchanged')
            .map(([name, count]) => ({ value: name, label: `${wordsOf(name)} ${count}` })),
        ]}
        onChange={(value) => navigate({ search: { kind: comparisonKind(value) } })}
      />
      {rows.length === 0 && <EmptyState title="No difference" />}
      <Accordion multiple variant="separated" chevronPosition="left">
        {rows.map((item) => (
          <ComparedItem
            key={`${item.type} ${item.policyId} ${item.name}`}
            item={item}
            comparison={comparison}
            groupNames={groupNames}
          />
        ))}
      </Accordion>
    </>
  );
}

interface ComparedItemProps {
  readonly item: ComparisonItem;
  readonly comparison: Comparison;
  readonly groupNames: Readonly<Record<string, string>>;
}

function ComparedItem({ item, comparison, groupNames }: ComparedItemProps) {
  return (
    <Accordion.Item value={item.name + item.policyId}>
      <Accordion.Control>
        <Group justify="space-between" gap="xs">
          <Text size="sm">
            {item.name}{' '}
            <Text span c="dimmed">
              · {item.typeTitle}
            </Text>
          </Text>
          <StateBadge tone={KINDS[item.kind].tone}>{KINDS[item.kind].words}</StateBadge>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <DifferenceList
          differences={item.differences}
          count={item.differenceCount}
          groupNames={groupNames}
          sides={[comparison.before.label, comparison.after.label]}
        />
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function cursorOf(cursor: string | null): string | undefined {
  return cursor ?? undefined;
}

function comparisonKind(value: string) {
  return COMPARISON_KINDS.find((kind) => kind === value);
}

const COMPARISON_KINDS = ['new', 'changed', 'gone', 'left_out', 'ambiguous', 'uncompared'] as const;

function wordsOf(name: string): string {
  const found = Object.entries(KINDS).find(([kind]) => kind === name);
  return found?.[1].words ?? name;
}

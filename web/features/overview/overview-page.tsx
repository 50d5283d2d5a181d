import { Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type Overview, overviewSchema } from '../../../src/api/overview.ts';
import { request } from '../../shared/api/request.ts';
import { refreshEvery } from '../../shared/live/live-stream.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { Page } from '../../shared/page/page.tsx';
import { SearchField } from '../../shared/table/search-field.tsx';
import { useSelection } from '../../shared/table/use-selection.ts';
import { BackUpMany } from './back-up-many.tsx';
import { OverviewTable } from './overview-table.tsx';

const route = getRouteApi('/signed-in/');
const REFRESH_MS = 10_000;

/** All tenants of an MSP: the worst first, each with what helps. */
export function OverviewPage() {
  const overview = useQuery({
    queryKey: ['overview'],
    queryFn: () => request(overviewSchema, '/api/overview'),
    refetchInterval: () => refreshEvery(REFRESH_MS),
  });
  const { data, error } = overview;
  return (
    <Page title="Tenants" summary={data && sentenceOf(data)}>
      {error !== null && <FailedState error={error} retry={() => overview.refetch()} />}
      {data === undefined && error === null && <LoadingRows />}
      {data?.tenants.length === 0 && <NoTenant />}
      {data !== undefined && data.tenants.length > 0 && <Tenants overview={data} />}
    </Page>
  );
}

/** "196 of 200 tenants backed up in the last 24 h; 4 need you." */
function sentenceOf({ tenants, backedUp, needYou, isCut }: Overview): string {
  const all = isCut ? `the first ${tenants.length}` : String(tenants.length);
  const noun = tenants.length === 1 ? 'tenant' : 'tenants';
  const need = needYou === 0 ? 'all is well' : `${needYou} ${needYou === 1 ? 'needs' : 'need'} you`;
  return `${backedUp} of ${all} ${noun} backed up in the last 24 h; ${need}.`;
}

function NoTenant() {
  return (
    <EmptyState title="No tenant yet">
      <Text size="sm">
        Three steps: register an application in the customer’s Entra tenant, add the tenant with
        “tenantatlas tenant add” and its connection with “tenantatlas connection add”, then start
        the first backup here.
      </Text>
    </EmptyState>
  );
}

function Tenants({ overview }: { readonly overview: Overview }) {
  const { q, show } = route.useSearch();
  const navigate = route.useNavigate();
  const selection = useSelection();
  const wanted = q.toLowerCase();
  const rows = overview.tenants.filter(
    (tenant) =>
      tenant.name.toLowerCase().includes(wanted) && (show === 'all' || tenant.attention !== 'none'),
  );
  return (
    <>
      <Group gap="xs">
        <SearchField
          label="Search tenants"
          value={q}
          change={(value) => navigate({ search: (old) => ({ ...old, q: value }), replace: true })}
        />
        <SegmentedControl
          aria-label="Which tenants"
          value={show}
          onChange={(value) =>
            navigate({ search: (old) => ({ ...old, show: value === 'need' ? 'need' : 'all' }) })
          }
          data={[
            { value: 'all', label: `All ${overview.tenants.length}` },
            { value: 'need', label: `Need you ${overview.needYou}` },
          ]}
        />
        <BackUpMany tenants={overview.tenants} selection={selection} />
      </Group>
      {rows.length === 0 ? (
        <EmptyState title={show === 'need' ? 'No tenant needs you' : 'No tenant matches'} />
      ) : (
        <OverviewTable rows={rows} selection={selection} />
      )}
    </>
  );
}

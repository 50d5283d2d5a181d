import { Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type Policy, policySchema } from '../../../src/api/policies.ts';
import { type Version, versionSchema } from '../../../src/api/versions.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { useStartRun } from '../../shared/action/use-start-run.tsx';
import { request } from '../../shared/api/request.ts';
import { useList } from '../../shared/api/use-list.ts';
import { refreshEvery } from '../../shared/live/live-stream.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { Page } from '../../shared/page/page.tsx';
import { useRefusal, useTenantApi } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { CompareWithLive } from './compare-with-live.tsx';
import { PolicyState } from './policy-columns.tsx';
import { VersionJson } from './version-json.tsx';
import { VersionList } from './version-list.tsx';
import { VersionsCompared } from './versions-compared.tsx';

const route = getRouteApi('/signed-in/t/$tenant/policies/$policy');
const REFRESH_MS = 5_000;

/** One policy: what is kept of it, and what changed. */
export function PolicyPage() {
  const { tenant, policy: id } = route.useParams();
  const path = `${useTenantApi()}/policies/${encodeURIComponent(id)}`;
  const policy = useQuery({
    queryKey: ['policy', path],
    queryFn: () => request(policySchema, path),
    refetchInterval: () => refreshEvery(REFRESH_MS),
  });
  const versions = useList(versionSchema, `${path}/versions`, {}, REFRESH_MS);
  const { data } = policy;
  return (
    <Page
      title={data?.name ?? 'Policy'}
      trail={[
        <AppLink key="policies" to="/t/$tenant/policies" params={{ tenant }}>
          Policies
        </AppLink>,
      ]}
      summary={data && <Summary policy={data} />}
      actions={data && <Actions policy={data} latest={versions.rows?.[0]} />}
    >
      {policy.error !== null && <FailedState error={policy.error} retry={() => policy.refetch()} />}
      {policy.error === null && versions.rows === undefined && <LoadingRows />}
      {data !== undefined && versions.rows?.length === 0 && (
        <EmptyState title="Nothing is kept of it yet">
          Capture a snapshot, or take a backup that holds it.
        </EmptyState>
      )}
      {data !== undefined && versions.rows !== undefined && versions.rows.length > 0 && (
        <Kept policy={data} versions={versions.rows} />
      )}
    </Page>
  );
}

function Summary({ policy }: { readonly policy: Policy }) {
  return (
    <>
      {policy.typeTitle}
      {policy.platform !== null && ` · ${policy.platform}`} · seen{' '}
      <Instant at={policy.lastSeenAt} /> <PolicyState policy={policy} />
    </>
  );
}

interface ActionsProps {
  readonly policy: Policy;
  readonly latest: Version | undefined;
}

function Actions({ policy, latest }: ActionsProps) {
  const { tenant } = route.useParams();
  const start = useStartRun();
  const refusal = useRefusal('backups:create');
  const gone = policy.missingSince === null ? null : 'It is not in the tenant any more.';
  return (
    <>
      {latest !== undefined && <CompareWithLive policy={policy} version={latest} gone={gone} />}
      <GatedButton
        refusal={gone ?? refusal}
        loading={start.isPending}
        onClick={() => {
          const input = { policyId: policy.id, reason: 'by hand' };
          const title = `Snapshot of ${policy.name}`;
          start.mutate({ tenant, type: 'policy.capture_snapshot', title, input });
        }}
      >
        Capture snapshot
      </GatedButton>
    </>
  );
}

interface KeptProps {
  readonly policy: Policy;
  readonly versions: readonly Version[];
}

/** The tabs; which one is open, and what is compared, is in the address. */
function Kept({ policy, versions }: KeptProps) {
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const [latest] = versions;
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={(value) =>
        navigate({
          search: (old) => ({ ...old, tab: TABS.find((one) => one === value) ?? 'versions' }),
        })
      }
    >
      <Tabs.List mb="sm">
        <Tabs.Tab value="versions">Versions ({versions.length})</Tabs.Tab>
        <Tabs.Tab value="changes">Changes</Tabs.Tab>
        <Tabs.Tab value="json">JSON</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="versions">
        <VersionList policy={policy} versions={versions} />
      </Tabs.Panel>
      <Tabs.Panel value="changes">
        <VersionsCompared versions={versions} />
      </Tabs.Panel>
      <Tabs.Panel value="json">
        {latest === undefined ? <Text>Nothing</Text> : <VersionJson versions={versions} />}
      </Tabs.Panel>
    </Tabs>
  );
}

const TABS = ['versions', 'changes', 'json'] as const;

import { Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { versionDifferencesSchema } from '../../../src/api/comparisons.ts';
import type { Version } from '../../../src/api/versions.ts';
import { queryText, request } from '../../shared/api/request.ts';
import { DifferenceList } from '../../shared/differences/difference-list.tsx';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { useTenantApi } from '../../shared/tenant/use-tenant.ts';

const route = getRouteApi('/signed-in/t/$tenant/policies/$policy');

/** Any two versions, setting by setting; at first the latest with the one before. */
export function VersionsCompared({ versions }: { readonly versions: readonly Version[] }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const after = versions.find(({ id }) => id === search.after) ?? versions[0];
  if (after === undefined) return null;
  const previous = versions.find(({ number }) => number === after.number - 1);
  const before = versions.find(({ id }) => id === search.before) ?? previous;
  const choices = versions.map(({ id, number }) => ({ value: id, label: `Version ${number}` }));
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Select
          aria-label="Compared with"
          value={before?.id ?? null}
          placeholder="Nothing before"
          data={choices}
          onChange={(id) => navigate({ search: (old) => ({ ...old, before: id ?? undefined }) })}
        />
        <Text size="sm">to</Text>
        <Select
          aria-label="Version"
          value={after.id}
          data={choices}
          onChange={(id) => navigate({ search: (old) => ({ ...old, after: id ?? undefined }) })}
        />
      </Group>
      {before === undefined ? (
        <Text size="sm">This is the first version that was kept; there is nothing before it.</Text>
      ) : (
        <Differences before={before} after={after} />
      )}
    </Stack>
  );
}

function Differences({ before, after }: { readonly before: Version; readonly after: Version }) {
  const query = queryText({ since: before.id });
  const path = `${useTenantApi()}/versions/${after.id}/differences${query}`;
  const { data, error, refetch } = useQuery({
    queryKey: ['differences', path],
    queryFn: () => request(versionDifferencesSchema, path),
    // versions never change
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== null) return <FailedState error={error} retry={() => refetch()} />;
  if (data === undefined) return <LoadingRows rows={4} />;
  return (
    <DifferenceList
      differences={data.differences}
      count={data.differenceCount}
      groupNames={data.groupNames}
      sides={[`Version ${before.number}`, `Version ${after.number}`]}
    />
  );
}

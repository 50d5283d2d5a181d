import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Policy } from '../../../src/api/policies.ts';
import { restoreDetailSchema } from '../../../src/api/restores.ts';
import type { Version } from '../../../src/api/versions.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { tellProblem } from '../../shared/action/tell-problem.tsx';
import { request } from '../../shared/api/request.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { useRefusal, useTenantApi, useTenantId } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { StateBadge } from '../../shared/words/state-badge.tsx';

interface VersionListProps {
  readonly policy: Policy;
  readonly versions: readonly Version[];
}

/** Every version that was kept, newest first; each can be brought back. */
export function VersionList({ policy, versions }: VersionListProps) {
  const tenant = useTenantId() ?? '';
  return (
    <DataTable
      label="Versions"
      columns={columnsFor(tenant, policy)}
      rows={versions}
      rowId={(row) => row.id}
    />
  );
}

function columnsFor(tenant: string, policy: Policy): readonly Column<Version>[] {
  return [
    { id: 'number', title: 'Version', cell: ({ number }) => `Version ${number}` },
    { id: 'read', title: 'Read', cell: ({ readAt }) => <Instant at={readAt} /> },
    { id: 'why', title: 'Why', hiddenBelow: 'sm', cell: ({ reason }) => reason },
    { id: 'who', title: 'By', hiddenBelow: 'md', cell: ({ madeBy }) => madeBy },
    {
      id: 'secrets',
      title: 'Hidden values',
      hiddenBelow: 'md',
      cell: ({ hasMaskedSecrets }) =>
        hasMaskedSecrets ? <StateBadge tone="warn">Not in it</StateBadge> : '',
    },
    {
      id: 'changes',
      title: 'Changes',
      cell: ({ id }) => (
        <AppLink
          to="/t/$tenant/policies/$policy"
          params={{ tenant, policy: policy.id }}
          search={{ tab: 'changes', after: id }}
        >
          See
        </AppLink>
      ),
    },
    {
      id: 'restore',
      title: 'Restore',
      align: 'right',
      cell: (version) => <RestoreVersion policy={policy} version={version} />,
    },
  ];
}

/** Makes the draft of a restore of this version, and goes to its preview. */
function RestoreVersion({
  policy,
  version,
}: {
  readonly policy: Policy;
  readonly version: Version;
}) {
  const tenant = useTenantId() ?? '';
  const path = `${useTenantApi()}/restores`;
  const navigate = useNavigate();
  const refusal = useRefusal('restores:plan');
  const make = useMutation({
    mutationFn: () =>
      request(restoreDetailSchema, path, {
        body: {
          name: `${policy.name}, version ${version.number}`.slice(0, 200),
          source: { kind: 'versions', versionIds: [version.id] },
        },
      }),
    onSuccess: ({ id }) =>
      navigate({
        to: '/t/$tenant/restores/$restore',
        params: { tenant, restore: id },
        search: { step: 'preview' },
      }),
    onError: tellProblem,
  });
  return (
    <GatedButton
      size="compact-xs"
      variant="default"
      refusal={refusal}
      loading={make.isPending}
      onClick={() => make.mutate()}
    >
      Restore this version
    </GatedButton>
  );
}

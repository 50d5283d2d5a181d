import { Text } from '@mantine/core';
import type { Policy } from '../../../src/api/policies.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import type { Column } from '../../shared/table/data-table.tsx';
import { Instant } from '../../shared/time/instant.tsx';
import { StateBadge } from '../../shared/words/state-badge.tsx';

/** Columns of policies, of which each links to its page. */
export function columnsFor(tenant: string): readonly Column<Policy>[] {
  return [
    {
      id: 'name',
      title: 'Name',
      sort: 'name',
      cell: (row) => (
        <AppLink to="/t/$tenant/policies/$policy" params={{ tenant, policy: row.id }}>
          {row.name}
        </AppLink>
      ),
    },
    { id: 'type', title: 'Type', sort: 'type', cell: (row) => row.typeTitle },
    {
      id: 'platform',
      title: 'Platform',
      hiddenBelow: 'md',
      cell: (row) => row.platform ?? '',
    },
    {
      id: 'modified',
      title: 'Last changed',
      hiddenBelow: 'sm',
      cell: (row) => row.lastModifiedAt && <Instant at={row.lastModifiedAt} />,
    },
    {
      id: 'version',
      title: 'Version',
      align: 'right',
      hiddenBelow: 'sm',
      cell: (row) => row.latestVersion ?? <Text c="dimmed">none</Text>,
    },
    { id: 'state', title: 'State', cell: (row) => <PolicyState policy={row} /> },
  ];
}

/** Whether it is there, and kept. */
export function PolicyState({ policy }: { readonly policy: Policy }) {
  if (policy.missingSince !== null) return <StateBadge tone="bad">Deleted</StateBadge>;
  if (policy.latestVersion === null) return <StateBadge tone="warn">Never captured</StateBadge>;
  return <StateBadge tone="good">Kept</StateBadge>;
}

import { Group, SegmentedControl, Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { coverageSchema } from '../../../src/api/coverage.ts';
import { policySchema } from '../../../src/api/policies.ts';
import { useList } from '../../shared/api/use-list.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { Page } from '../../shared/page/page.tsx';
import { DataTable } from '../../shared/table/data-table.tsx';
import { ExportList } from '../../shared/table/export-list.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { moreOf } from '../../shared/table/more-of.ts';
import { SearchField } from '../../shared/table/search-field.tsx';
import { useSelection } from '../../shared/table/use-selection.ts';
import { useTenantApi, useTenantId } from '../../shared/tenant/use-tenant.ts';
import { ChosenPolicies } from './chosen-policies.tsx';
import { columnsFor } from './policy-columns.tsx';

const route = getRouteApi('/signed-in/t/$tenant/policies');

/** The inventory as last observed. */
export function PoliciesPage() {
  const tenant = useTenantId() ?? '';
  const path = `${useTenantApi()}/policies`;
  const { q, type, show, sort } = route.useSearch();
  const navigate = route.useNavigate();
  const selection = useSelection();
  const missing = show === 'all' ? undefined : String(show === 'deleted');
  const query = { q: q === '' ? undefined : q, type, missing, sort };
  const list = useList(policySchema, path, query);
  const isFiltered = q !== '' || type !== undefined || show !== 'present';
  return (
    <Page title="Policies" summary="As last observed: a sync brings it up to date.">
      <Group gap="xs">
        <SearchField
          label="Search by name"
          value={q}
          change={(value) => navigate({ search: (old) => ({ ...old, q: value }), replace: true })}
        />
        <TypeFilter
          value={type}
          change={(value) => navigate({ search: (old) => ({ ...old, type: value }) })}
        />
        <ShownFilter
          value={show}
          change={(value) => navigate({ search: (old) => ({ ...old, show: value }) })}
        />
        <ExportList name="policies" item={policySchema} path={path} query={query} />
        <ChosenPolicies selection={selection} />
      </Group>
      <ListView
        list={list}
        empty={
          <EmptyState title={isFiltered ? 'No policy matches' : 'No policy known yet'}>
            {isFiltered ? 'Change the filters.' : 'Sync the inventory on the tenant’s home page.'}
          </EmptyState>
        }
      >
        {(rows) => (
          <DataTable
            label="Policies"
            columns={columnsFor(tenant)}
            rows={rows}
            rowId={(row) => row.id}
            rowLabel={(row) => row.name}
            selection={selection}
            sort={{
              by: sort,
              change: (by) =>
                navigate({ search: (old) => ({ ...old, sort: by === 'type' ? 'type' : 'name' }) }),
            }}
            {...moreOf(list)}
          />
        )}
      </ListView>
    </Page>
  );
}

const SHOWN = [
  { value: 'present', label: 'Present' },
  { value: 'deleted', label: 'Deleted' },
  { value: 'all', label: 'All' },
] as const;

type Shown = (typeof SHOWN)[number]['value'];

function ShownFilter({ value, change }: { readonly value: Shown; change(value: Shown): void }) {
  return (
    <SegmentedControl
      aria-label="Which policies"
      value={value}
      data={[...SHOWN]}
      onChange={(chosen) => change(chosen)}
    />
  );
}

interface TypeFilterProps {
  readonly value: string | undefined;
  change(value: string | undefined): void;
}

function TypeFilter({ value, change }: TypeFilterProps) {
  const types = useList(coverageSchema, `${useTenantApi()}/coverage`, { limit: 200 });
  const data = (types.rows ?? []).map((row) => ({ value: row.type, label: row.typeTitle }));
  return (
    <Select
      aria-label="Type"
      placeholder="Every type"
      clearable
      searchable
      value={value ?? null}
      data={data}
      onChange={(chosen) => change(chosen ?? undefined)}
    />
  );
}

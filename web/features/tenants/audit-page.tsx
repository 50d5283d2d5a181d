import { Code, Text } from '@mantine/core';
import type { z } from 'zod';
import { auditEntrySchema } from '../../../src/api/audit.ts';
import { useList } from '../../shared/api/use-list.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { Page } from '../../shared/page/page.tsx';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { ExportList } from '../../shared/table/export-list.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { moreOf } from '../../shared/table/more-of.ts';
import { useTenantApi } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';

type AuditEntry = z.infer<typeof auditEntrySchema>;

/** Who did what; nothing in it is ever changed. */
export function AuditPage() {
  const path = `${useTenantApi()}/audit`;
  const list = useList(auditEntrySchema, path);
  return (
    <Page
      title="Audit"
      summary="Every deed in this tenant, newest first. Entries only ever grow."
      actions={<ExportList name="audit" item={auditEntrySchema} path={path} query={{}} />}
    >
      <ListView list={list} empty={<EmptyState title="Nothing was done yet" />}>
        {(rows) => (
          <DataTable
            label="Audit entries"
            columns={COLUMNS}
            rows={rows}
            rowId={(row) => row.id}
            {...moreOf(list)}
          />
        )}
      </ListView>
    </Page>
  );
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  { id: 'at', title: 'When', cell: ({ at }) => <Instant at={at} /> },
  { id: 'who', title: 'Who', cell: ({ actor }) => actor.label },
  { id: 'action', title: 'What', cell: ({ action }) => <Code>{action}</Code> },
  {
    id: 'subject',
    title: 'On',
    hiddenBelow: 'sm',
    cell: ({ subject }) => (
      <Text size="sm">
        {subject.kind}{' '}
        <Text span size="xs" c="dimmed">
          {subject.id}
        </Text>
      </Text>
    ),
  },
  {
    id: 'details',
    title: 'Details',
    hiddenBelow: 'md',
    cell: ({ details }) => (
      <Text size="xs" c="dimmed">
        {Object.entries(details)
          .map(([name, value]) => `${name}: ${inShort(value)}`)
          .join(' · ')}
      </Text>
    ),
  },
];

const VALUE_LENGTH_MAX = 80;

function inShort(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
}

import { Button, Group, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Member, membersSchema } from '../../../src/api/members.ts';
import { ROLES } from '../../../src/kernel/capabilities.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { tellProblem } from '../../shared/action/tell-problem.tsx';
import { request } from '../../shared/api/request.ts';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { Page } from '../../shared/page/page.tsx';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { useRefusal, useTenant, useTenantApi } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';

const WORDS = {
  readonly: 'Read-only: sees inventory, backups and runs',
  operator: 'Operator: also syncs, backs up and previews restores',
  manager: 'Manager: also restores and sees the audit',
  owner: 'Owner: also members, connections and deleting',
} as const;
const CHOICES = ROLES.map((role) => ({ value: role, label: WORDS[role] }));

/** Who may see this tenant, and how much they may do. */
export function MembersPage() {
  const path = `${useTenantApi()}/members`;
  const members = useQuery({
    queryKey: ['members', path],
    queryFn: () => request(membersSchema, path),
  });
  const { data, error } = members;
  return (
    <Page title="Members" summary={`Who may see ${useTenant().name}, and how much they may do.`}>
      <AddMember path={path} />
      {error !== null && <FailedState error={error} retry={() => members.refetch()} />}
      {data === undefined && error === null && <LoadingRows />}
      {data !== undefined && (
        <DataTable
          label="Members"
          columns={columnsFor(path)}
          rows={data.items}
          rowId={(row) => row.id}
        />
      )}
    </Page>
  );
}

function columnsFor(path: string): readonly Column<Member>[] {
  return [
    { id: 'name', title: 'Name', cell: ({ name }) => name },
    { id: 'role', title: 'Role', cell: (member) => <RoleOf member={member} path={path} /> },
    { id: 'since', title: 'Since', hiddenBelow: 'sm', cell: ({ since }) => <Instant at={since} /> },
    {
      id: 'remove',
      title: 'Deeds',
      align: 'right',
      cell: (member) => <RemoveMember member={member} path={path} />,
    },
  ];
}

function RoleOf({ member, path }: { readonly member: Member; readonly path: string }) {
  const refusal = useRefusal('members:manage');
  const change = useMemberDeed(path, `${member.id}/role`);
  return (
    <Select
      aria-label={`Role of ${member.name}`}
      disabled={refusal !== null || change.isPending}
      allowDeselect={false}
      w={340}
      maw="100%"
      value={member.role}
      data={CHOICES}
      onChange={(role) => change.mutate({ role })}
    />
  );
}

function RemoveMember({ member, path }: { readonly member: Member; readonly path: string }) {
  const refusal = useRefusal('members:manage');
  const remove = useMemberDeed(path, `${member.id}/remove`);
  const [isSure, setIsSure] = useState(false);
  return (
    <GatedButton
      size="compact-xs"
      variant={isSure ? 'filled' : 'default'}
      refusal={refusal}
      loading={remove.isPending}
      onClick={() => (isSure ? remove.mutate({}) : setIsSure(true))}
    >
      {isSure ? `Remove ${member.name} for good?` : 'Remove'}
    </GatedButton>
  );
}

function AddMember({ path }: { readonly path: string }) {
  const refusal = useRefusal('members:manage');
  const [name, setName] = useState('');
  const [role, setRole] = useState<string>('readonly');
  const add = useMemberDeed(path);
  if (refusal !== null) return null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate({ name, role }, { onSuccess: () => setName('') });
      }}
    >
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Name"
          description="As they sign in; an admin adds new people."
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Role"
          allowDeselect={false}
          w={340}
          maw="100%"
          value={role}
          data={CHOICES}
          onChange={(chosen) => setRole(chosen ?? 'readonly')}
        />
        <Button type="submit" loading={add.isPending}>
          Add member
        </Button>
      </Group>
    </form>
  );
}

/** Each deed answers how the members are afterwards. */
function useMemberDeed(path: string, deed?: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) =>
      request(membersSchema, deed === undefined ? path : `${path}/${deed}`, { body }),
    onSuccess: (members) => cache.setQueryData(['members', path], members),
    onError: tellProblem,
  });
}

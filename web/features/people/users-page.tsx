import { Alert, Button, Checkbox, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type User, userLinkSchema, usersSchema } from '../../../src/api/members.ts';
import { doneSchema } from '../../../src/api/people.ts';
import { CopyButton } from '../../shared/action/copy-button.tsx';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { tellProblem } from '../../shared/action/tell-problem.tsx';
import { request } from '../../shared/api/request.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { Page } from '../../shared/page/page.tsx';
import { usePerson } from '../../shared/session/use-session.ts';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { StateBadge } from '../../shared/words/state-badge.tsx';
import { ProblemNote } from './problem-note.tsx';

const key = ['users'] as const;

/** Everybody that the installation knows; for its admins. */
export function UsersPage() {
  const me = usePerson();
  const [isOpen, dialog] = useDisclosure(false);
  const [link, setLink] = useState<string | null>(null);
  const users = useQuery({ queryKey: key, queryFn: () => request(usersSchema, '/api/users') });
  const { data, error } = users;
  return (
    <Page
      title="People"
      summary="Who may sign in. What they may see is a matter of each tenant’s members."
      actions={<Button onClick={dialog.open}>Add somebody</Button>}
    >
      {error !== null && <FailedState error={error} retry={() => users.refetch()} />}
      {data === undefined && error === null && <LoadingRows />}
      {link !== null && <NewLink link={link} close={() => setLink(null)} />}
      {data?.items.length === 0 && <EmptyState title="Nobody yet" />}
      {data !== undefined && data.items.length > 0 && (
        <DataTable
          label="People"
          columns={columnsFor(me?.id, setLink)}
          rows={data.items}
          rowId={(row) => row.id}
        />
      )}
      <Modal opened={isOpen} onClose={dialog.close} title="Add somebody">
        <AddUser
          done={(made) => {
            dialog.close();
            setLink(made);
          }}
        />
      </Modal>
    </Page>
  );
}

function NewLink({ link, close }: { readonly link: string; close(): void }) {
  return (
    <Alert
      variant="outline"
      title="A link to choose a password with"
      withCloseButton
      closeButtonLabel="Close"
      onClose={close}
    >
      <Text size="sm">It works once, for three days, and is not shown again.</Text>
      <Group gap="xs" wrap="nowrap">
        <Code block>{link}</Code>
        <CopyButton value={link} label="Copy link" />
      </Group>
    </Alert>
  );
}

function columnsFor(
  me: string | undefined,
  showLink: (link: string) => void,
): readonly Column<User>[] {
  return [
    { id: 'name', title: 'Name', cell: ({ name }) => name },
    {
      id: 'admin',
      title: 'Admin',
      hiddenBelow: 'sm',
      cell: ({ isAdmin }) => (isAdmin ? 'yes' : ''),
    },
    { id: 'state', title: 'State', cell: (user) => <UserState user={user} /> },
    {
      id: 'deeds',
      title: 'Deeds',
      align: 'right',
      cell: (user) => <Deeds user={user} isMe={user.id === me} showLink={showLink} />,
    },
  ];
}

function UserState({ user }: { readonly user: User }) {
  if (user.isDisabled) return <StateBadge tone="bad">Shut out</StateBadge>;
  if (!user.canSignIn) return <StateBadge tone="quiet">No password yet</StateBadge>;
  return <StateBadge tone="good">May sign in</StateBadge>;
}

interface DeedsProps {
  readonly user: User;
  readonly isMe: boolean;
  showLink(link: string): void;
}

function Deeds({ user, isMe, showLink }: DeedsProps) {
  const cache = useQueryClient();
  const settled = {
    onSettled: () => cache.invalidateQueries({ queryKey: key }),
    onError: tellProblem,
  };
  const path = `/api/users/${user.id}`;
  const link = useMutation({
    ...settled,
    mutationFn: () => request(userLinkSchema, `${path}/link`, { body: {} }),
    onSuccess: (made) => showLink(made.link),
  });
  const deed = user.isDisabled ? 'enable' : 'disable';
  const disable = useMutation({
    ...settled,
    mutationFn: () => request(doneSchema, `${path}/${deed}`, { body: {} }),
  });
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <GatedButton
        size="compact-xs"
        variant="default"
        refusal={user.isDisabled ? 'Let them in first.' : null}
        loading={link.isPending}
        onClick={() => link.mutate()}
      >
        New link
      </GatedButton>
      <GatedButton
        size="compact-xs"
        variant="default"
        refusal={isMe ? 'Nobody shuts themself out.' : null}
        loading={disable.isPending}
        onClick={() => disable.mutate()}
      >
        {user.isDisabled ? 'Let in' : 'Shut out'}
      </GatedButton>
    </Group>
  );
}

function AddUser({ done }: { done(link: string): void }) {
  const cache = useQueryClient();
  const [name, setName] = useState('');
  const [isAdmin, setIsAdmin] = useState(false);
  const add = useMutation({
    mutationFn: () => request(userLinkSchema, '/api/users', { body: { name, isAdmin } }),
    onSuccess: ({ link }) => {
      void cache.invalidateQueries({ queryKey: key });
      done(link);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name to sign in with"
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label="Admin of the installation"
          description="Adds people and tenants; sees no tenant without being a member."
          checked={isAdmin}
          onChange={(event) => setIsAdmin(event.currentTarget.checked)}
        />
        {add.error !== null && <ProblemNote error={add.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { doneSchema } from '../../../src/api/people.ts';
import { request } from '../../shared/api/request.ts';
import { sessionKey } from '../../shared/session/session-key.ts';
import { EntrancePage } from './entrance-page.tsx';
import { ProblemNote } from './problem-note.tsx';
import { takeLinkToken } from './take-link-token.ts';

const route = getRouteApi('/sign-in');

/** For who is not signed in; with a token behind the `#` (the demo's) no password is asked. */
export function SignInPage() {
  const enter = useEnter();
  const [token] = useState(takeLinkToken);
  const byLink = useMutation({
    mutationFn: () => request(doneSchema, '/api/links/redeem', { body: { token } }),
    onSuccess: enter,
  });
  const { mutate } = byLink;
  useEffect(() => {
    if (token !== undefined) mutate();
  }, [token, mutate]);
  return (
    <EntrancePage title="Sign in">
      {byLink.isPending && <Alert variant="outline">Signing you in…</Alert>}
      {byLink.error !== null && <ProblemNote error={byLink.error} />}
      <PasswordForm enter={enter} />
    </EntrancePage>
  );
}

function PasswordForm({ enter }: { enter(): Promise<void> }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => request(doneSchema, '/api/session/sign-in', { body: { name, password } }),
    onSuccess: enter,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          size="sm"
          autoComplete="username"
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {signIn.error !== null && <ProblemNote error={signIn.error} />}
        <Button type="submit" size="sm" loading={signIn.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

/** To where one wanted to go: an address of ours, never one of another site. */
function useEnter() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { next } = route.useSearch();
  return async () => {
    // known to be nobody's: it is asked anew
    cache.removeQueries({ queryKey: sessionKey });
    const isOurs = next !== undefined && /^\/(?![/\\])/.test(next);
    await navigate({ to: isOurs ? next : '/', replace: true });
  };
}

import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { doneSchema, oneTimeLinkSchema, PASSWORD_LENGTH_MIN } from '../../../src/api/people.ts';
import { request } from '../../shared/api/request.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { sessionKey } from '../../shared/session/session-key.ts';
import { EntrancePage } from './entrance-page.tsx';
import { ProblemNote } from './problem-note.tsx';
import { takeLinkToken } from './take-link-token.ts';

/** Behind a one-time link: the first admin introduces themself, anybody else chooses a password. */
export function SetUpPage() {
  const [token] = useState(() => takeLinkToken() ?? '');
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: () => request(oneTimeLinkSchema, '/api/links/look', { body: { token } }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const isFirst = link.data?.purpose === 'set_up';
  return (
    <EntrancePage title={isFirst ? 'Set up TenantAtlas' : 'Choose a password'}>
      {link.isPending && <LoadingRows rows={3} />}
      {link.error !== null && (
        <>
          <ProblemNote error={link.error} />
          <AppLink to="/sign-in">To the sign-in page</AppLink>
        </>
      )}
      {link.data !== undefined && (
        <ChoosePassword token={token} isFirst={isFirst} userName={link.data.userName ?? ''} />
      )}
    </EntrancePage>
  );
}

interface ChoosePasswordProps {
  readonly token: string;
  readonly isFirst: boolean;
  readonly userName: string;
}

function ChoosePassword({ token, isFirst, userName }: ChoosePasswordProps) {
  const [name, setName] = useState(userName);
  const [password, setPassword] = useState('');
  const redeem = useRedeem();
  const body = { token, password, ...(isFirst && { name }) };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        redeem.mutate(body);
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {isFirst
            ? 'You become the first admin: you add people and tenants. This link works once.'
            : 'All your other sessions end. This link works once.'}
        </Text>
        <TextInput
          label="Name"
          description={isFirst ? 'You sign in with it.' : undefined}
          size="sm"
          autoComplete="username"
          required
          readOnly={!isFirst}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          description={`At least ${PASSWORD_LENGTH_MIN} characters. A few words are good.`}
          autoComplete="new-password"
          minLength={PASSWORD_LENGTH_MIN}
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {redeem.error !== null && <ProblemNote error={redeem.error} />}
        <Button type="submit" size="sm" loading={redeem.isPending}>
          {isFirst ? 'Set up' : 'Choose and sign in'}
        </Button>
      </Stack>
    </form>
  );
}

function useRedeem() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (body: unknown) => request(doneSchema, '/api/links/redeem', { body }),
    onSuccess: async () => {
      // known to be nobody's: it is asked anew
      cache.removeQueries({ queryKey: sessionKey });
      await navigate({ to: '/', replace: true });
    },
  });
}

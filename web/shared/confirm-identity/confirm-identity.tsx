import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { doneSchema } from '../../../src/api/people.ts';
import { ApiProblem } from '../api/problem.ts';
import { onIdentityNeeded, request } from '../api/request.ts';

/**
 * Asks for the password when the server wants it once more; the request that needed it is sent
 * again afterwards. There is one of it, around all pages.
 */
export default function ConfirmIdentity() {
  const [asked, setAsked] = useState<((isConfirmed: boolean) => void) | null>(null);
  useEffect(() => onIdentityNeeded(() => new Promise((resolve) => setAsked(() => resolve))), []);
  const answer = (isConfirmed: boolean) => {
    asked?.(isConfirmed);
    setAsked(null);
  };
  return (
    <Modal opened={asked !== null} onClose={() => answer(false)} title="Your password once more">
      {asked !== null && <PasswordForm answer={answer} />}
    </Modal>
  );
}

function PasswordForm({ answer }: { answer(isConfirmed: boolean): void }) {
  const [password, setPassword] = useState('');
  const confirm = useMutation({
    mutationFn: () => request(doneSchema, '/api/session/confirm', { body: { password } }),
    onSuccess: () => answer(true),
  });
  const error = confirm.error instanceof ApiProblem ? confirm.error.message : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          This can change a customer’s tenant. Entering your password again counts for five minutes.
        </Text>
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          data-autofocus
          required
          error={error}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => answer(false)}>
            Cancel
          </Button>
          <Button type="submit" loading={confirm.isPending}>
            Confirm
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

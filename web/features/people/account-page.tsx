import {
  Button,
  Group,
  Paper,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { doneSchema, PASSWORD_LENGTH_MIN } from '../../../src/api/people.ts';
import { request } from '../../shared/api/request.ts';
import { Page } from '../../shared/page/page.tsx';
import { usePerson } from '../../shared/session/use-session.ts';
import { useTimeZoneChoice } from '../../shared/time/time-display.ts';
import { ProblemNote } from './problem-note.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

/** What belongs to the person: how times are shown, the password, and where one is signed in. */
export function AccountPage() {
  const person = usePerson();
  return (
    <Page title="Your account" summary={person?.name}>
      <Stack gap="lg" maw={720}>
        <TimeDisplay />
        <PasswordPanel />
        <SessionsPanel />
      </Stack>
    </Page>
  );
}

function TimeDisplay() {
  const [zone, setZone] = useTimeZoneChoice();
  return (
    <Paper withBorder p="md">
      <Group justify="space-between">
        <div>
          <Title order={2}>Times</Title>
          <Text size="sm" c="dimmed">
            Exact times are shown in this zone; kept in this browser.
          </Text>
        </div>
        <SegmentedControl
          aria-label="Time zone of exact times"
          value={zone}
          onChange={(value) => setZone(value === 'utc' ? 'utc' : 'local')}
          data={[
            { value: 'local', label: 'Local' },
            { value: 'utc', label: 'UTC' },
          ]}
        />
      </Group>
    </Paper>
  );
}

function PasswordPanel() {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => request(doneSchema, '/api/account/password', { body: { current, password } }),
    onSuccess: () => {
      setCurrent('');
      setPassword('');
      notifications.show({
        title: 'Password changed',
        message: 'All your other sessions have ended.',
      });
    },
  });
  return (
    <Paper withBorder p="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Stack gap="sm" maw={360}>
          <Title order={2}>Password</Title>
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            description={`At least ${PASSWORD_LENGTH_MIN} characters.`}
            autoComplete="new-password"
            minLength={PASSWORD_LENGTH_MIN}
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {change.error !== null && <ProblemNote error={change.error} />}
          <Group>
            <Button type="submit" variant="default" loading={change.isPending}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import { CopyButton } from '../action/copy-button.tsx';
import { ApiProblem } from '../api/problem.ts';

interface FailedStateProps {
  readonly error: unknown;
  /** Asks again; absent where that cannot help. */
  retry?(): void;
}

/** What could not be shown: what happened, what to do next, and a reference to give to support. */
export function FailedState({ error, retry }: FailedStateProps) {
  if (!(error instanceof ApiProblem)) throw error;
  const { problem, requestId } = error;
  const isForbidden = problem.status === 403;
  return (
    <Alert
      role="alert"
      variant="outline"
      color={isForbidden ? 'gray' : 'red'}
      icon={isForbidden ? <IconLock aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={problem.detail}
    >
      <Stack gap="xs">
        {problem.next !== undefined && <Text size="sm">{problem.next}</Text>}
        <Group gap="xs">
          {retry !== undefined && !isForbidden && (
            <Button variant="default" onClick={retry}>
              Try again
            </Button>
          )}
          <Code>{problem.code}</Code>
          {requestId !== null && (
            <Group gap={2}>
              <Text size="xs" c="dimmed">
                Reference {requestId}
              </Text>
              <CopyButton value={`${problem.code} ${requestId}`} label="Copy reference" />
            </Group>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

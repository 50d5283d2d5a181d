import { Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { ApiProblem } from '../api/problem.ts';

/** A toast for a click that did not do what it should: what happened, and what to do next. */
export function tellProblem(error: unknown): void {
  if (!(error instanceof ApiProblem)) throw error;
  const { problem, requestId } = error;
  notifications.show({
    color: 'red',
    title: problem.detail,
    autoClose: 12_000,
    message: (
      <Stack gap={2}>
        {problem.next !== undefined && <Text size="sm">{problem.next}</Text>}
        <Text size="xs" c="dimmed">
          {problem.code}
          {requestId !== null && ` · ${requestId}`}
        </Text>
      </Stack>
    ),
  });
}

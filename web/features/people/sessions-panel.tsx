import { Button, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { doneSchema, openSessionsSchema } from '../../../src/api/people.ts';
import { tellProblem } from '../../shared/action/tell-problem.tsx';
import { request } from '../../shared/api/request.ts';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { Instant } from '../../shared/time/instant.tsx';

const key = ['sessions'] as const;

/** Where one is signed in, and how to end what one does not know. */
export function SessionsPanel() {
  const sessions = useQuery({
    queryKey: key,
    queryFn: () => request(openSessionsSchema, '/api/sessions'),
  });
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2}>Sessions</Title>
        {sessions.isPending && <LoadingRows rows={2} />}
        {sessions.error !== null && (
          <FailedState error={sessions.error} retry={() => sessions.refetch()} />
        )}
        {sessions.data !== undefined && (
          <Table>
            <Table.Tbody>
              {sessions.data.items.map((session) => (
                <Table.Tr key={session.id}>
                  <Table.Td>
                    <Text size="sm">{session.browser}</Text>
                    <Text size="xs" c="dimmed">
                      {session.network}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" c="dimmed">
                      seen <Instant at={session.seenAt} />
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">
                    {session.isThis ? (
                      <Text size="sm">This session</Text>
                    ) : (
                      <EndSession id={session.id} name={session.browser} />
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Paper>
  );
}

function EndSession({ id, name }: { readonly id: string; readonly name: string }) {
  const cache = useQueryClient();
  const end = useMutation({
    mutationFn: () => request(doneSchema, `/api/sessions/${id}/revoke`, { body: {} }),
    onSettled: () => cache.invalidateQueries({ queryKey: key }),
    onError: tellProblem,
  });
  return (
    <Button
      variant="default"
      loading={end.isPending}
      onClick={() => end.mutate()}
      aria-label={`End the session of ${name}`}
    >
      End
    </Button>
  );
}

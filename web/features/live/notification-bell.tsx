import { ActionIcon, Button, Group, Indicator, Popover, Stack, Text, Tooltip } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  notificationsReadSchema,
  personNotificationSchema,
} from '../../../src/api/notifications.ts';
import { tellProblem } from '../../shared/action/tell-problem.tsx';
import { request } from '../../shared/api/request.ts';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { tenantApi } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';

type Notification = z.infer<typeof personNotificationSchema>;

const PATH = '/api/notifications';
const REFRESH_MS = 10_000;
const SHOWN_MAX = 20;
const STATES = { queued: 'is queued', running: 'is running', ended: 'has ended' } as const;

/** What became of the runs that one asked for. */
export function NotificationBell() {
  const list = useList(personNotificationSchema, PATH, { limit: SHOWN_MAX }, REFRESH_MS);
  const unread = (list.rows ?? []).filter(
    ({ readAt, state }) => readAt === null && state === 'ended',
  );
  const count = unread.length === SHOWN_MAX ? `${SHOWN_MAX}+` : String(unread.length);
  const label = unread.length === 0 ? 'Notifications' : `Notifications: ${count} unread`;
  return (
    <Popover width={360} position="bottom-end" withArrow>
      <Popover.Target>
        <Tooltip label={label}>
          <Indicator
            label={count}
            size={16}
            offset={6}
            disabled={unread.length === 0}
            color="red.8"
          >
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label}>
              <IconBell size={19} />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          {list.rows?.length === 0 && <Text size="sm">Nothing yet.</Text>}
          {list.rows?.slice(0, SHOWN_MAX).map((row) => (
            <Line key={row.id} notification={row} />
          ))}
          <MarkRead unread={unread} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Line({ notification }: { readonly notification: Notification }) {
  const { tenantId, tenantName, runId, state, readAt, updatedAt } = notification;
  const isNew = readAt === null && state === 'ended';
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <Text size="sm" fw={isNew ? 600 : 400}>
        A run in {tenantName} {STATES[state]}{' '}
        <Text span size="xs" c="dimmed">
          <Instant at={updatedAt} />
        </Text>
      </Text>
      <AppLink size="sm" to="/t/$tenant/runs/$run" params={{ tenant: tenantId, run: runId }}>
        View run
      </AppLink>
    </Group>
  );
}

/** By tenant, as the API takes them. */
function MarkRead({ unread }: { readonly unread: readonly Notification[] }) {
  const cache = useQueryClient();
  const mark = useMutation({
    mutationFn: async () => {
      for (const [tenant, some] of Map.groupBy(unread, ({ tenantId }) => tenantId)) {
        const body = { ids: some.map(({ id }) => id) };
        await request(notificationsReadSchema, `${tenantApi(tenant)}/notifications/read`, { body });
      }
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ['list', PATH] }),
    onError: tellProblem,
  });
  if (unread.length === 0) return null;
  return (
    <Group justify="flex-end">
      <Button variant="default" loading={mark.isPending} onClick={() => mark.mutate()}>
        Mark all read
      </Button>
    </Group>
  );
}

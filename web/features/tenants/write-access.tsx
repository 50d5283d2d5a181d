import {
  Button,
  Group,
  Modal,
  NumberInput,
  Paper,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Connection, connectionSchema } from '../../../src/api/connections.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { tellProblem } from '../../shared/action/tell-problem.tsx';
import { request } from '../../shared/api/request.ts';
import { useRefusal, useTenantApi } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { StateBadge } from '../../shared/words/state-badge.tsx';

/** Whether runs may write to the tenant now; it is armed for hours, with a reason. */
export function WriteAccess({ connection }: { readonly connection: Connection }) {
  const [isOpen, dialog] = useDisclosure(false);
  const refusal = useRefusal('connections:manage');
  const disarm = useArming(connection, 'disarm');
  const { writeRegistration: writing } = connection;
  const isArmed = writing?.armedUntil != null;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>Writing</Title>
          {isArmed ? (
            <GatedButton
              variant="default"
              refusal={refusal}
              loading={disarm.isPending}
              onClick={() => disarm.mutate({ reason: 'by hand' })}
            >
              Disarm
            </GatedButton>
          ) : (
            <GatedButton
              variant="default"
              refusal={writing === null ? 'There is no application that may write.' : refusal}
              onClick={dialog.open}
            >
              Arm
            </GatedButton>
          )}
        </Group>
        {writing === null && (
          <Text size="sm">
            Nothing can write to this tenant. A second application is added with “tenantatlas
            connection write-add”.
          </Text>
        )}
        {writing !== null && !isArmed && (
          <StateBadge tone="good">Not armed: nothing can be written</StateBadge>
        )}
        {writing?.armedUntil != null && (
          <Text size="sm" component="div">
            <StateBadge tone="warn">Armed</StateBadge> by {writing.armedBy}, ends{' '}
            <Instant at={writing.armedUntil} />
          </Text>
        )}
      </Stack>
      <Modal opened={isOpen} onClose={dialog.close} title="Let runs write to this tenant">
        <ArmForm connection={connection} close={dialog.close} />
      </Modal>
    </Paper>
  );
}

const HOURS_MAX = 24;

function ArmForm({ connection, close }: { readonly connection: Connection; close(): void }) {
  const [hours, setHours] = useState<number | string>(1);
  const [reason, setReason] = useState('');
  const arm = useArming(connection, 'arm');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        arm.mutate({ hours: Number(hours), reason }, { onSuccess: close });
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          Restores that were previewed and confirmed can then be carried out. It ends by itself.
        </Text>
        <NumberInput
          label="Hours"
          min={1}
          max={HOURS_MAX}
          allowDecimal={false}
          required
          value={hours}
          onChange={setHours}
        />
        <TextInput
          label="Reason"
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={arm.isPending}>
            Arm
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useArming(connection: Connection, deed: 'arm' | 'disarm') {
  const path = `${useTenantApi()}/connections`;
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) =>
      request(connectionSchema, `${path}/${connection.id}/${deed}`, { body }),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['list', path] });
      void cache.invalidateQueries({ queryKey: ['restore'] });
    },
    onError: tellProblem,
  });
}

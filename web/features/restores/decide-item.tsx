import { Button, Group, Paper, Radio, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type { RestoreItem } from '../../../src/api/restores.ts';
import { useStartRun } from '../../shared/action/use-start-run.tsx';
import { useTenant } from '../../shared/tenant/use-tenant.ts';
import { useChangeRestore } from './use-restore.ts';

const DECISIONS = [
  {
    value: 'look_again',
    label: 'Look again',
    description: 'Read the tenant once more; what shows up late may be there now.',
  },
  {
    value: 'adopt',
    label: 'Take one as ours',
    description: 'The chosen object is what this restore has written.',
  },
  {
    value: 'delete_ours',
    label: 'Delete one',
    description: 'The chosen object was made by this restore and is not wanted.',
  },
  {
    value: 'create_anew',
    label: 'Create it anew',
    description: 'None of them is ours: write it once more.',
  },
] as const;

type Decision = (typeof DECISIONS)[number]['value'];

/** It cannot be told whether a write was done; a person looks, and decides. */
export function DecideItem({ item, path }: { readonly item: RestoreItem; readonly path: string }) {
  const tenant = useTenant();
  const candidates = item.result?.candidates ?? [];
  const [decision, setDecision] = useState<Decision>('look_again');
  const [graphId, setGraphId] = useState<string | null>(candidates[0] ?? null);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const carryOut = useDecision(path);
  const needsObject = decision === 'adopt' || decision === 'delete_ours';
  const isReady =
    reason !== '' && typed.trim() === tenant.name && (!needsObject || graphId !== null);
  const decided = {
    tenantName: typed,
    reason,
    decisions: [{ versionId: item.versionId, decision, graphId: needsObject ? graphId : null }],
  };
  return (
    <Paper withBorder p="sm">
      <Stack gap="sm">
        <Title order={3}>Needs your decision</Title>
        <Text size="sm">
          Microsoft’s answer to a write was lost, and {candidates.length} objects could be it. Look
          at them in the admin centre if in doubt.
        </Text>
        <DecisionChoice decision={decision} change={setDecision} />
        {needsObject && (
          <Select
            label="Which object (Graph id)"
            value={graphId}
            data={candidates}
            onChange={setGraphId}
          />
        )}
        <TextInput
          label="Reason"
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <TextInput
          label={`Type the tenant’s name: ${tenant.name}`}
          required
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group>
          <Button
            disabled={!isReady}
            loading={carryOut.isPending}
            onClick={() => carryOut.begin(decided)}
          >
            Decide and carry out
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

/** Stores the decision, then starts the run that carries it out. */
function useDecision(path: string) {
  const { id: tenant } = useTenant();
  const restoreId = path.split('/').at(-1) ?? '';
  const decide = useChangeRestore(path, 'decisions');
  const start = useStartRun();
  const run = { tenant, type: 'restore.resolve', title: 'Decision', input: { restoreId } };
  return {
    isPending: decide.isPending || start.isPending,
    begin: (body: unknown) => decide.mutate(body, { onSuccess: () => start.mutate(run) }),
  };
}

interface DecisionChoiceProps {
  readonly decision: Decision;
  change(decision: Decision): void;
}

function DecisionChoice({ decision, change }: DecisionChoiceProps) {
  return (
    <Radio.Group
      label="What is to be done"
      value={decision}
      onChange={(value) =>
        change(DECISIONS.find((one) => one.value === value)?.value ?? 'look_again')
      }
    >
      <Stack gap={6} mt={4}>
        {DECISIONS.map((one) => (
          <Radio key={one.value} {...one} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

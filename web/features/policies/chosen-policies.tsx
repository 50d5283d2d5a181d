import { Group, Text } from '@mantine/core';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { useStartRun } from '../../shared/action/use-start-run.tsx';
import type { Selection } from '../../shared/table/use-selection.ts';
import { useRefusal, useTenantId } from '../../shared/tenant/use-tenant.ts';

/** A backup names at most so many policies one by one. */
const CHOSEN_MAX = 1_000;

/** What can be done with the ticked policies. */
export function ChosenPolicies({ selection }: { readonly selection: Selection }) {
  const tenant = useTenantId() ?? '';
  const refusal = useRefusal('backups:create');
  const start = useStartRun();
  const count = selection.ids.size;
  if (count === 0) return null;
  const tooMany = `At most ${CHOSEN_MAX} policies are chosen one by one: back up by type instead.`;
  return (
    <Group gap="xs">
      <GatedButton
        refusal={count > CHOSEN_MAX ? tooMany : refusal}
        loading={start.isPending}
        onClick={() => {
          const input = { selection: { kind: 'policies', policyIds: [...selection.ids] } };
          start.mutate(
            { tenant, type: 'backup.create', title: `Backup of ${count} policies`, input },
            { onSuccess: selection.clear },
          );
        }}
      >
        Back up {String(count)} chosen
      </GatedButton>
      <Text size="sm" c="dimmed">
        {count} ticked
      </Text>
    </Group>
  );
}

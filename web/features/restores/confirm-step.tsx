import { Alert, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { useStartRun } from '../../shared/action/use-start-run.tsx';
import { AppLink } from '../../shared/page/app-link.ts';
import { useRefusal, useTenant } from '../../shared/tenant/use-tenant.ts';
import type { StepProps } from './restore-page.tsx';
import { useChangeRestore } from './use-restore.ts';

/** The last look: what will be written, by whom and why; the button says what is missing. */
export function ConfirmStep({ restore, path, tenant, go }: StepProps) {
  const { name } = useTenant();
  const refusal = useRefusal('restores:execute');
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const carryOut = useCarryOut({ restore, path, tenant, go });
  const missing = refusal ?? whatIsMissing(restore, { typed, name, reason });
  return (
    <Stack gap="md" maw={640}>
      <Gate restore={restore} tenant={tenant} />
      <Paper withBorder p="md">
        <Stack gap="sm">
          <Title order={2}>{sentenceOf(restore, name)}</Title>
          <Text size="sm" c="dimmed">
            What is overwritten is kept in a safety backup first, so that this can be taken back.
            What changed since the preview is not overwritten: such an item stops.
          </Text>
          <TextInput
            label={`Type the tenant’s name: ${name}`}
            required
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <TextInput
            label="Reason"
            description="Kept in the audit."
            required
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div>
            <GatedButton
              refusal={missing}
              loading={carryOut.isPending}
              onClick={() => carryOut.begin({ tenantName: typed, reason })}
            >
              Restore now
            </GatedButton>
          </div>
          {missing !== null && (
            <Text size="sm" role="status">
              {missing}
            </Text>
          )}
        </Stack>
      </Paper>
    </Stack>
  );
}

/** Confirms what was looked at, then starts the run that writes it. */
function useCarryOut({ restore, path, tenant, go }: StepProps) {
  const confirm = useChangeRestore(path, 'confirm');
  const start = useStartRun();
  const run = {
    tenant,
    type: 'restore.execute',
    title: 'Restore',
    input: { restoreId: restore.id },
  };
  return {
    isPending: confirm.isPending || start.isPending,
    begin: (entered: { readonly tenantName: string; readonly reason: string }) =>
      confirm.mutate(
        { fingerprint: restore.fingerprint, ...entered },
        { onSuccess: () => start.mutate(run, { onSuccess: () => go('progress') }) },
      ),
  };
}

/** Whether anything may be written to the tenant now. */
function Gate({ restore, tenant }: Pick<StepProps, 'restore' | 'tenant'>) {
  if (restore.gate === null) return null;
  return (
    <Alert color="orange" variant="outline" title={restore.gate.message}>
      <Text size="sm">
        {restore.gate.next}{' '}
        <AppLink to="/t/$tenant/connection" params={{ tenant }}>
          To the connection
        </AppLink>
      </Text>
    </Alert>
  );
}

function sentenceOf({ counts }: StepProps['restore'], name: string): string {
  if (counts === null) return 'There is no preview to confirm.';
  const parts = [
    counts.create > 0 ? `${counts.create} created` : '',
    counts.update > 0 ? `${counts.update} updated` : '',
    counts.delete > 0 ? `${counts.delete} deleted` : '',
  ].filter((part) => part !== '');
  return parts.length === 0
    ? `Nothing would be written to ${name}.`
    : `${name}: ${parts.join(', ')}.`;
}

interface Entered {
  readonly typed: string;
  readonly name: string;
  readonly reason: string;
}

function whatIsMissing(restore: StepProps['restore'], entered: Entered): string | null {
  const { counts, stale, gate } = restore;
  if (counts === null || restore.fingerprint === null) return 'Make a preview first.';
  if (stale.length > 0) return `${stale[0]?.message} Preview again.`;
  if (counts.create + counts.update + counts.delete === 0) return 'There is nothing to write.';
  if (gate !== null) return `${gate.message} ${gate.next}`;
  if (entered.typed.trim().normalize('NFC') !== entered.name) return 'Type the tenant’s name.';
  return entered.reason.trim() === '' ? 'Give a reason.' : null;
}

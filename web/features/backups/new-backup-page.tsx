import { Checkbox, Group, Paper, Radio, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { coverageSchema } from '../../../src/api/coverage.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { useStartRun } from '../../shared/action/use-start-run.tsx';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { Page } from '../../shared/page/page.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { useSelection } from '../../shared/table/use-selection.ts';
import { useRefusal, useTenantApi, useTenantId } from '../../shared/tenant/use-tenant.ts';

/** What is to be kept, and the start of it. */
export function NewBackupPage() {
  const tenant = useTenantId() ?? '';
  const navigate = useNavigate();
  const refusal = useRefusal('backups:create');
  const [kind, setKind] = useState<'all' | 'types'>('all');
  const types = useSelection();
  const start = useStartRun();
  const selection = kind === 'all' ? { kind } : { kind, types: [...types.ids] };
  const nothing = kind === 'types' && types.ids.size === 0 ? 'Tick at least one type.' : null;
  return (
    <Page
      title="New backup"
      trail={[
        <AppLink key="backups" to="/t/$tenant/backups" params={{ tenant }}>
          Backups
        </AppLink>,
      ]}
    >
      <Stack gap="md" maw={720}>
        <Paper withBorder p="md">
          <KindChoice kind={kind} change={setKind} />
        </Paper>
        <TypesToSee ticked={kind === 'types' ? types : undefined} />
        <Group>
          <GatedButton
            refusal={refusal ?? nothing}
            loading={start.isPending}
            onClick={() =>
              start.mutate(
                { tenant, type: 'backup.create', title: 'Backup', input: { selection } },
                {
                  onSuccess: ({ id }) =>
                    navigate({ to: '/t/$tenant/runs/$run', params: { tenant, run: id } }),
                },
              )
            }
          >
            Start backup
          </GatedButton>
        </Group>
      </Stack>
    </Page>
  );
}

interface KindChoiceProps {
  readonly kind: 'all' | 'types';
  change(kind: 'all' | 'types'): void;
}

function KindChoice({ kind, change }: KindChoiceProps) {
  return (
    <Radio.Group
      label="What to back up"
      value={kind}
      onChange={(value) => change(value === 'types' ? 'types' : 'all')}
    >
      <Stack gap="xs" mt="xs">
        <Radio
          value="all"
          label="Everything"
          description="Every policy of every type that the connection can see."
        />
        <Radio
          value="types"
          label="Some types"
          description="Choose them below. Single policies are ticked on the Policies page."
        />
      </Stack>
    </Radio.Group>
  );
}

const UNSEEN = {
  covered: '',
  not_licensed: 'not licensed in this tenant: there is nothing to keep',
  not_permitted: 'not permitted: will be reported as failed',
  refused: 'refused by Microsoft: will be reported as failed',
} as const;

/** The types, and which of them the connection cannot see. */
function TypesToSee({ ticked }: { readonly ticked: ReturnType<typeof useSelection> | undefined }) {
  const list = useList(coverageSchema, `${useTenantApi()}/coverage`, { limit: 200 });
  return (
    <Paper withBorder p="md">
      <ListView
        list={list}
        empty={
          <Text size="sm">
            What the connection can see is not known yet: the backup finds it out.
          </Text>
        }
      >
        {(rows) => (
          <Stack gap={6}>
            {rows.map((row) =>
              ticked === undefined ? (
                <Text size="sm" key={row.type}>
                  {row.typeTitle}
                  {UNSEEN[row.state] !== '' && (
                    <Text span c="dimmed">
                      {' '}
                      — {UNSEEN[row.state]}
                    </Text>
                  )}
                </Text>
              ) : (
                <Checkbox
                  key={row.type}
                  label={row.typeTitle}
                  description={UNSEEN[row.state]}
                  checked={ticked.ids.has(row.type)}
                  onChange={() => ticked.toggle(row.type)}
                />
              ),
            )}
          </Stack>
        )}
      </ListView>
    </Paper>
  );
}

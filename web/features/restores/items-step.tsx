import {
  Button,
  Group,
  Paper,
  Radio,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { type BackupItem, backupItemSchema } from '../../../src/api/backups.ts';
import { useList } from '../../shared/api/use-list.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { moreOf } from '../../shared/table/more-of.ts';
import { type Selection, useSelection } from '../../shared/table/use-selection.ts';
import { useTenantApi } from '../../shared/tenant/use-tenant.ts';
import type { StepProps } from './restore-page.tsx';
import { useChangeRestore } from './use-restore.ts';

const selectionSchema = z.object({ versionIds: z.array(z.string()).optional() }).catch({});

/** Which versions come back, and how. Saved when one goes on; nothing is ticked beforehand. */
export function ItemsStep({ restore, path, go }: StepProps) {
  const saved = selectionSchema.parse(restore.selection).versionIds;
  const isBackup = restore.source.kind === 'backup';
  const [which, setWhich] = useState<'all' | 'chosen'>(saved === undefined ? 'all' : 'chosen');
  const [options, setOptions] = useState(restore.options);
  const ticked = useSelection(saved);
  const edit = useChangeRestore(path, 'edit');
  const nothing = isBackup && which === 'chosen' && ticked.ids.size === 0;
  const save = () => {
    const selection = which === 'chosen' ? { versionIds: [...ticked.ids] } : {};
    const body = { options, ...(isBackup && { selection }) };
    edit.mutate(body, { onSuccess: () => go('mapping') });
  };
  return (
    <Stack gap="md">
      {isBackup && restore.source.backupId !== null && (
        <Paper withBorder p="md">
          <Stack gap="sm">
            <Radio.Group
              label="What to bring back"
              value={which}
              onChange={(value) => setWhich(value === 'chosen' ? 'chosen' : 'all')}
            >
              <Group mt={6}>
                <Radio value="all" label="All that differs from the tenant now" />
                <Radio value="chosen" label={`Chosen policies (${ticked.ids.size})`} />
              </Group>
            </Radio.Group>
            {which === 'chosen' && <Choice backup={restore.source.backupId} ticked={ticked} />}
          </Stack>
        </Paper>
      )}
      <Options options={options} change={setOptions} />
      <Group>
        <Button loading={edit.isPending} disabled={nothing} onClick={save}>
          Save and go on
        </Button>
        {nothing && <Text size="sm">Tick at least one policy.</Text>}
      </Group>
    </Stack>
  );
}

const COLUMNS: readonly Column<BackupItem>[] = [
  { id: 'name', title: 'Policy', cell: ({ name }) => name },
  { id: 'type', title: 'Type', cell: ({ type }) => type },
  { id: 'number', title: 'Version', align: 'right', cell: ({ versionNumber }) => versionNumber },
];

function Choice({ backup, ticked }: { readonly backup: string; readonly ticked: Selection }) {
  const list = useList(backupItemSchema, `${useTenantApi()}/backups/${backup}/items`, {
    limit: 200,
  });
  return (
    <ListView list={list} empty={<EmptyState title="This backup holds nothing" />}>
      {(rows) => (
        <DataTable
          label="Policies of the backup"
          columns={COLUMNS}
          rows={rows}
          rowId={(row) => row.versionId}
          rowLabel={(row) => row.name}
          selection={ticked}
          {...moreOf(list)}
        />
      )}
    </ListView>
  );
}

type RestoreOptions = StepProps['restore']['options'];

interface OptionsProps {
  readonly options: RestoreOptions;
  change(options: RestoreOptions): void;
}

const STATES = [
  { value: 'disabled', label: 'Disabled' },
  { value: 'reportOnly', label: 'Report-only' },
  { value: 'asSaved', label: 'As saved' },
] as const;

function Options({ options, change }: OptionsProps) {
  return (
    <Paper withBorder p="md">
      <Stack gap="sm" maw={520}>
        <Title order={2}>How</Title>
        <Switch
          label="With assignments"
          description="Targets that cannot be mapped are left out, never widened."
          checked={options.withAssignments}
          onChange={(event) => change({ ...options, withAssignments: event.currentTarget.checked })}
        />
        <TextInput
          label="Prefix for names of what is created"
          maxLength={50}
          value={options.namePrefix}
          onChange={(event) => change({ ...options, namePrefix: event.currentTarget.value })}
        />
        <div>
          <Text size="sm" fw={500} id="ca-state">
            Conditional Access policies come back
          </Text>
          <SegmentedControl
            aria-labelledby="ca-state"
            value={options.conditionalAccessState}
            data={[...STATES]}
            onChange={(value) => {
              const state = STATES.find((one) => one.value === value);
              if (state) change({ ...options, conditionalAccessState: state.value });
            }}
          />
        </div>
      </Stack>
    </Paper>
  );
}

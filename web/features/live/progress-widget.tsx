import {
  ActionIcon,
  CloseButton,
  Group,
  Indicator,
  Popover,
  Progress,
  Stack,
  Text,
  Tooltip,
} from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import type { LiveRun } from '../../../src/api/live-runs.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { useTenantId } from '../../shared/tenant/use-tenant.ts';
import { runState } from '../../shared/words/run-state.ts';
import { StateBadge } from '../../shared/words/state-badge.tsx';
import { type EndedRun, useLiveRuns } from './use-live-runs.ts';

const SHOWN_MAX = 5;

/** What is under way in this tenant, or in all of them: on every page. */
export function ProgressWidget() {
  const tenant = useTenantId();
  const { live, ended, dismiss } = useLiveRuns(tenant);
  const count = live.length;
  const label = count === 0 ? 'Nothing is under way' : `${count} under way`;
  return (
    <Popover width={340} position="bottom-end" withArrow>
      <Popover.Target>
        <Tooltip label={label}>
          <Indicator
            label={count + ended.length}
            size={16}
            offset={6}
            disabled={count + ended.length === 0}
            color={count > 0 ? 'atlas.7' : 'gray.7'}
          >
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label}>
              <IconActivity size={19} />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          {count + ended.length === 0 && <Text size="sm">Nothing is under way.</Text>}
          {live.slice(0, SHOWN_MAX).map((run) => (
            <LiveLine key={run.id} run={run} withTenant={tenant === null} />
          ))}
          {count > SHOWN_MAX && <Text size="sm">+{count - SHOWN_MAX} more</Text>}
          {ended.map((one) => (
            <EndedLine key={one.run.id} ended={one} dismiss={dismiss} />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function LiveLine({ run, withTenant }: { readonly run: LiveRun; readonly withTenant: boolean }) {
  const share = run.total === 0 ? 0 : (100 * run.done) / run.total;
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <AppLink size="sm" to="/t/$tenant/runs/$run" params={{ tenant: run.tenantId, run: run.id }}>
          {run.title}
          {withTenant && ` · ${run.tenantName}`}
        </AppLink>
        <Text size="xs" c="dimmed">
          {run.phase === 'queued' ? 'queued' : `${run.done} of ${run.total}`}
        </Text>
      </Group>
      <Progress value={share} size="sm" mt={4} aria-label={`${run.title}: done`} />
    </div>
  );
}

interface EndedLineProps {
  readonly ended: EndedRun;
  dismiss(id: string): void;
}

function EndedLine({ ended, dismiss }: EndedLineProps) {
  const { live, run } = ended;
  const state = runState(run);
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <AppLink size="sm" to="/t/$tenant/runs/$run" params={{ tenant: live.tenantId, run: run.id }}>
        {run.title}
      </AppLink>
      <Group gap={4} wrap="nowrap">
        <StateBadge tone={state.tone}>{state.words}</StateBadge>
        <CloseButton
          size="sm"
          aria-label={`Dismiss ${run.title}`}
          onClick={() => dismiss(run.id)}
        />
      </Group>
    </Group>
  );
}

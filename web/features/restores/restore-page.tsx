import { Stack, Stepper } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { RestoreDetail } from '../../../src/api/restores.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { Page } from '../../shared/page/page.tsx';
import { useTenantApi } from '../../shared/tenant/use-tenant.ts';
import { StateBadge } from '../../shared/words/state-badge.tsx';
import { ConfirmStep } from './confirm-step.tsx';
import { ItemsStep } from './items-step.tsx';
import { MappingStep } from './mapping-step.tsx';
import { PreviewStep } from './preview-step.tsx';
import { ProgressStep } from './progress-step.tsx';
import { restoreState } from './restore-state.ts';
import { useRestore } from './use-restore.ts';

const route = getRouteApi('/signed-in/t/$tenant/restores/$restore');

const STEPS = ['items', 'mapping', 'preview', 'confirm', 'progress'] as const;
export type Step = (typeof STEPS)[number];

const TITLES = {
  items: 'Items',
  mapping: 'Mapping',
  preview: 'Preview',
  confirm: 'Confirm',
  progress: 'Progress',
} as const satisfies Record<Step, string>;

/** A restore from the choice of items to what became of each; every step has an address. */
export function RestorePage() {
  const { tenant, restore: id } = route.useParams();
  const { step } = route.useSearch();
  const path = `${useTenantApi()}/restores/${encodeURIComponent(id)}`;
  const restore = useRestore(path);
  const { data, error } = restore;
  return (
    <Page
      title={data?.name ?? 'Restore'}
      trail={[
        <AppLink key="restores" to="/t/$tenant/restores" params={{ tenant }}>
          Restores
        </AppLink>,
      ]}
      summary={
        data && <StateBadge tone={restoreState(data).tone}>{restoreState(data).words}</StateBadge>
      }
    >
      {error !== null && data === undefined && (
        <FailedState error={error} retry={() => restore.refetch()} />
      )}
      {data === undefined && error === null && <LoadingRows />}
      {data !== undefined && <Steps restore={data} path={path} step={step ?? stepOf(data)} />}
    </Page>
  );
}

/** Where one goes on, when the address does not say. */
function stepOf({ state, source }: RestoreDetail): Step {
  if (state === 'executing' || state === 'ended') return 'progress';
  if (state === 'planned') return 'preview';
  return source.kind === 'backup' ? 'items' : 'preview';
}

interface StepsProps {
  readonly restore: RestoreDetail;
  readonly path: string;
  readonly step: Step;
}

export interface StepProps {
  readonly restore: RestoreDetail;
  readonly path: string;
  readonly tenant: string;
  go(step: Step): void;
}

function Steps({ restore, path, step }: StepsProps) {
  const { tenant } = route.useParams();
  const navigate = route.useNavigate();
  const go = (next: Step) => void navigate({ search: { step: next } });
  const hasBegun = restore.state === 'executing' || restore.state === 'ended';
  const canGo = (name: Step) => (name === 'progress' ? hasBegun : name === 'preview' || !hasBegun);
  const props = { restore, path, tenant, go };
  return (
    <Stack gap="md">
      <Stepper
        size="xs"
        active={STEPS.indexOf(step)}
        onStepClick={(index) => go(STEPS[index] ?? 'items')}
      >
        {STEPS.map((name) => (
          <Stepper.Step key={name} label={TITLES[name]} allowStepSelect={canGo(name)} />
        ))}
      </Stepper>
      {step === 'items' && <ItemsStep {...props} />}
      {step === 'mapping' && <MappingStep {...props} />}
      {step === 'preview' && <PreviewStep {...props} />}
      {step === 'confirm' && <ConfirmStep {...props} />}
      {step === 'progress' && <ProgressStep {...props} />}
    </Stack>
  );
}

import { useNavigate } from '@tanstack/react-router';
import type { Policy } from '../../../src/api/policies.ts';
import type { Version } from '../../../src/api/versions.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { useStartRun } from '../../shared/action/use-start-run.tsx';
import { useRefusal, useTenantId } from '../../shared/tenant/use-tenant.ts';

interface CompareWithLiveProps {
  readonly policy: Policy;
  readonly version: Version;
  /** Why there is nothing live to compare with; null when there is. */
  readonly gone: string | null;
}

/** Reads the policy as it is now and compares; the comparison bears the id of its run. */
export function CompareWithLive({ policy, version, gone }: CompareWithLiveProps) {
  const tenant = useTenantId() ?? '';
  const navigate = useNavigate();
  const refusal = useRefusal('backups:create');
  const start = useStartRun();
  return (
    <GatedButton
      variant="default"
      refusal={gone ?? refusal}
      loading={start.isPending}
      onClick={() => {
        const input = { policyId: policy.id, versionId: version.id };
        const title = `Comparison of ${policy.name} with live`;
        start.mutate(
          { tenant, type: 'policy.compare_live', title, input },
          {
            onSuccess: ({ id }) =>
              navigate({
                to: '/t/$tenant/compare/$comparison',
                params: { tenant, comparison: id },
              }),
          },
        );
      }}
    >
      Compare with live
    </GatedButton>
  );
}

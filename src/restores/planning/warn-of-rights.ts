import { contractOf, type PolicyType } from '../../graph/contracts/list.ts';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import type { WriteRegistration } from '../../tenants/find-write-registration.ts';
import type { Warning } from './warn-of-item.ts';

/**
 * Rights that writing the item would take and that are not there, as far as one knows before
 * writing: the roles of a token are a hint, Graph decides. Whether writing is armed is no matter of
 * a preview.
 */
export function warnOfRights(
  type: PolicyType,
  steps: readonly WriteStep[],
  registration: Pick<WriteRegistration, 'granted'> | undefined,
): Warning[] {
  if (steps.length === 0) return [];
  if (registration === undefined) return [{ code: 'restore.write_registration_missing' }];
  const { granted } = registration;
  if (granted === null) return [];
  return contractOf(type)
    .permissions.write.filter((permission) => !granted.includes(permission))
    .map((id) => ({ code: 'restore.permission_missing', kind: 'permission', id }));
}

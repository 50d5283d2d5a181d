import { INTUNE_BASE, type Kind } from './kind.ts';
import { refuseMissing } from './refuse.ts';

/** Rules that narrow an assignment to some devices. */
export const assignmentFilters: Kind = {
  ...INTUNE_BASE,
  name: 'assignmentFilters',
  path: 'deviceManagement/assignmentFilters',
  entity: 'deviceAndAppManagementAssignmentFilter',
  bucket: 'assignmentFilters',
  unordered: ['roleScopeTags'],
  readOnly: [...INTUNE_BASE.readOnly, 'payloads'],
  defaults: {
    description: '',
    roleScopeTags: ['0'],
    payloads: [],
    assignmentFilterManagementType: 'devices',
  },
  refuseCreate: (body) => refuseMissing(body, ['displayName', 'platform', 'rule']),
  refusePatch: (body) =>
    'platform' in body
      ? { status: 400, code: 'BadRequest', message: 'Platform cannot be changed after creation.' }
      : undefined,
};

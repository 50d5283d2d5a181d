import { type JsonObject, objectsOf } from '../values/json.ts';
import { ASSIGNMENTS, INTUNE_BASE, type Kind, type Refusal } from './kind.ts';
import { refuseUntyped } from './refuse.ts';

/** Compliance policies per platform. A plain GET leaves out the scheduled actions. */
export const deviceCompliancePolicies: Kind = {
  ...INTUNE_BASE,
  name: 'deviceCompliancePolicies',
  path: 'deviceManagement/deviceCompliancePolicies',
  entity: 'deviceCompliancePolicy',
  versions: ['beta', 'v1.0'],
  bucket: 'deviceConfiguration',
  parts: [
    ASSIGNMENTS,
    {
      name: 'scheduledActionsForRule',
      pageSize: 100,
      expand: 'complete',
      expandInList: true,
      nested: 'scheduledActionConfigurations',
    },
  ],
  betaOnly: ['roleScopeTagIds'],
  hasVersion: true,
  status: { create: 201, patch: 204, put: null, remove: 204, assign: 200 },
  defaults: { description: null, roleScopeTagIds: ['0'] },
  refuseCreate: (body) => refuseUntyped(body) ?? refuseActions(body),
  refusePatch: (body) =>
    'scheduledActionsForRule' in body
      ? {
          status: 400,
          code: 'BadRequest',
          message: 'Cannot apply PATCH to navigation property scheduledActionsForRule.',
        }
      : undefined,
  replacers: {
    scheduleActionsForRules: {
      part: 'scheduledActionsForRule',
      key: 'deviceComplianceScheduledActionForRules',
    },
  },
};

/** Intune demands exactly one `block` among the actions of a new policy. */
function refuseActions(body: JsonObject): Refusal | undefined {
  const actions = objectsOf(body['scheduledActionsForRule'])
    .flatMap((rule) => objectsOf(rule['scheduledActionConfigurations']))
    .filter((action) => action['actionType'] === 'block');
  if (actions.length === 1) return undefined;
  return {
    status: 400,
    code: 'BadRequest',
    message: 'A compliance policy must have one and only one block scheduled action.',
  };
}

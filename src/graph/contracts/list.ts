import { z } from 'zod';

/** Every policy type there is; a type that is not here gets no call to Graph. */
export const POLICY_TYPES = [
  'configurationPolicy',
  'deviceConfiguration',
  'deviceCompliancePolicy',
  'compliancePolicy',
  'conditionalAccessPolicy',
  'namedLocation',
  'assignmentFilter',
  'roleScopeTag',
] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];

export const policyTypeSchema = z.enum(POLICY_TYPES);

import { strict as assert } from 'node:assert';
import { z } from 'zod';
import { assignmentFilter } from './assignment-filter.ts';
import { compliancePolicy } from './compliance-policy.ts';
import { conditionalAccessPolicy } from './conditional-access-policy.ts';
import { configurationPolicy } from './configuration-policy.ts';
import type { Contract } from './define-contract.ts';
import { deviceCompliancePolicy } from './device-compliance-policy.ts';
import { deviceConfiguration } from './device-configuration.ts';
import { namedLocation } from './named-location.ts';
import { roleScopeTag } from './role-scope-tag.ts';

/** Every policy type there is; a type that is not here gets no call to Graph. */
export const CONTRACTS = [
  configurationPolicy,
  deviceConfiguration,
  deviceCompliancePolicy,
  compliancePolicy,
  conditionalAccessPolicy,
  namedLocation,
  assignmentFilter,
  roleScopeTag,
] as const;

export type PolicyType = (typeof CONTRACTS)[number]['type'];

export const POLICY_TYPES: readonly PolicyType[] = CONTRACTS.map((contract) => contract.type);

export const policyTypeSchema = z.enum(POLICY_TYPES);

const BY_TYPE: ReadonlyMap<PolicyType, Contract<PolicyType>> = indexContracts(CONTRACTS);

/** The contract of a type; there is always one, for the type is closed. */
export function contractOf(type: PolicyType): Contract<PolicyType> {
  const contract = BY_TYPE.get(type);
  assert(contract, 'every policy type has a contract');
  return contract;
}

/** Two contracts of one type would hide each other: the process stops at import. */
export function indexContracts<T extends string>(
  contracts: readonly Contract<T>[],
): ReadonlyMap<T, Contract<T>> {
  const byType = new Map<T, Contract<T>>();
  for (const contract of contracts) {
    assert(!byType.has(contract.type), `two contracts for ${contract.type}`);
    byType.set(contract.type, contract);
  }
  return byType;
}

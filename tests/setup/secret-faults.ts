import type { FaultRule } from './simulator.ts';

/** What Graph and Entra say when something goes wrong, and to whom. */
export interface SpokenWords {
  readonly graph: string;
  readonly ofTenant: string;
  readonly entra: string;
  readonly signingIn: string;
}

/** Faults that pass; what is asked again then succeeds. */
export function passingFaults(words: SpokenWords): FaultRule[] {
  const once = (path: string, status: number): FaultRule => ({
    match: { path, tenant: words.ofTenant },
    fault: { kind: 'status', status, message: words.graph },
  });
  return [
    once('/roleScopeTags', 500),
    once('getByIds', 400),
    once('/compliancePolicies', 429),
    { match: { path: '/assignmentFilters' }, fault: { kind: 'malformedJson' } },
    { match: { batched: true }, fault: { kind: 'status', status: 503, message: words.graph } },
    {
      match: { path: 'oauth2', tenant: words.signingIn },
      fault: { kind: 'status', status: 400, message: words.entra },
    },
  ];
}

/** Faults that stay. */
export function lastingFaults(words: SpokenWords): FaultRule[] {
  const always = (path: string, status: number): FaultRule => ({
    match: { path, tenant: words.ofTenant },
    times: 'always',
    fault: { kind: 'status', status, message: words.graph },
  });
  return [
    always('/deviceConfigurations(\\?|$)', 400),
    always('/namedLocations', 403),
    always('/deviceConfigurations/with-canary', 418),
  ];
}

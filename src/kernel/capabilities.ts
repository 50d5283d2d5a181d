/** Who may do what in a tenant. A capability is a string; a role is a set of them. */
export const ROLES = ['readonly', 'operator', 'manager', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Each capability with the lowest role that holds it; every role above holds it too. */
const LOWEST_ROLE = {
  'tenant:read': 'readonly',
  'policies:read': 'readonly',
  'backups:read': 'readonly',
  'runs:read': 'readonly',
  'payloads:read': 'operator',
  'connections:verify': 'operator',
  'policies:sync': 'operator',
  'backups:create': 'operator',
  // copying versions into another tenant shows their bodies there: payloads:read asks for the same
  'backups:export': 'operator',
  'restores:plan': 'operator',
  'runs:cancel_own': 'operator',
  'restores:execute': 'manager',
  'runs:cancel_any': 'manager',
  'audit:read': 'manager',
  'connections:manage': 'owner',
  'members:manage': 'owner',
  'backups:delete': 'owner',
} as const satisfies Record<string, Role>;

export type Capability = keyof typeof LOWEST_ROLE;

const ALL = Object.entries(LOWEST_ROLE)
  .map(([name]) => name)
  .filter(isCapability);

export function isCapability(name: string): name is Capability {
  return Object.hasOwn(LOWEST_ROLE, name);
}

/** Every capability there is, in the order of the table. */
export function allCapabilities(): readonly Capability[] {
  return ALL;
}

/** What a token may do unless more was asked for: nothing that writes to a customer's tenant. */
export function defaultTokenScopes(): readonly Capability[] {
  return ALL.filter((capability) => capability !== 'restores:execute');
}

export function roleHolds(role: Role, capability: Capability): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(LOWEST_ROLE[capability]);
}

/** The roles that hold it, for checks inside the database. */
export function rolesHolding(capability: Capability): readonly Role[] {
  return ROLES.filter((role) => roleHolds(role, capability));
}

export function capabilitiesOf(role: Role): readonly Capability[] {
  return ALL.filter((capability) => roleHolds(role, capability));
}

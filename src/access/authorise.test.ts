import { expect, test } from 'vitest';
import { allCapabilities, capabilitiesOf } from '../kernel/capabilities.ts';
import { newId, tenantIdSchema, tokenIdSchema, userIdSchema } from '../kernel/ids.ts';
import { heldCapabilities, isWithinToken } from './authorise.ts';
import type { Principal } from './principal.ts';

function principalWith(change: Partial<Principal>): Principal {
  return {
    userId: newId(userIdSchema),
    userName: 'Ann',
    isAdmin: false,
    via: { kind: 'token', id: newId(tokenIdSchema), name: 'laptop' },
    scopes: allCapabilities(),
    tenantIds: null,
    ...change,
  };
}

test('a token with all scopes holds what the role holds, and no more', () => {
  expect(heldCapabilities(principalWith({}), 'operator')).toEqual(capabilitiesOf('operator'));
});

test('scopes cut the role down, and never add to it', () => {
  const principal = principalWith({ scopes: ['runs:read', 'members:manage'] });
  expect(heldCapabilities(principal, 'operator')).toEqual(['runs:read']);
});

test('being an admin of the installation gives no capability in a tenant', () => {
  const principal = principalWith({ isAdmin: true, scopes: ['runs:read'] });
  expect(heldCapabilities(principal, 'readonly')).toEqual(['runs:read']);
});

test('a token made for one tenant does not reach another', () => {
  const acme = newId(tenantIdSchema);
  expect(isWithinToken(principalWith({ tenantIds: [acme] }), acme)).toBe(true);
  expect(isWithinToken(principalWith({ tenantIds: [acme] }), newId(tenantIdSchema))).toBe(false);
  expect(isWithinToken(principalWith({ tenantIds: [] }), acme)).toBe(false);
});

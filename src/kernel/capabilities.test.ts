import { expect, test } from 'vitest';
import { allCapabilities, capabilitiesOf, ROLES, roleHolds, rolesHolding } from './capabilities.ts';

test('each role holds what the one below holds, and the owner holds everything', () => {
  for (const [index, role] of ROLES.entries()) {
    const below = ROLES[index - 1];
    const held = capabilitiesOf(role);
    if (below !== undefined)
      expect(held).toEqual(expect.arrayContaining([...capabilitiesOf(below)]));
  }
  expect(capabilitiesOf('owner')).toEqual(allCapabilities());
});

test('the table of the design: who may do what', () => {
  expect(roleHolds('readonly', 'policies:read')).toBe(true);
  expect(roleHolds('readonly', 'backups:create')).toBe(false);
  expect(roleHolds('operator', 'backups:create')).toBe(true);
  expect(roleHolds('operator', 'audit:read')).toBe(false);
  expect(roleHolds('manager', 'runs:cancel_any')).toBe(true);
  expect(roleHolds('manager', 'members:manage')).toBe(false);
  expect(rolesHolding('audit:read')).toEqual(['manager', 'owner']);
});

import type { ReferenceKind } from '../contracts/define-contract.ts';

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Stands for none, and among locations for the trusted addresses of multifactor sign-in. */
const ZEROS = '00000000-0000-0000-0000-000000000000';

/** DOC: Microsoft's own strengths have these ids in every tenant. */
const BUILT_IN_STRENGTH = /^0{8}-0{4}-0{4}-0{4}-0{11}[2-4]$/;

/**
 * Whether a value of that kind is an id that belongs to one tenant. Words ("All", "AllTrusted",
 * "Office365") and ids that are the same everywhere need no counterpart.
 */
export function isTenantsOwn(kind: ReferenceKind, value: string): boolean {
  switch (kind) {
    case 'roleScopeTag':
      // Tag "0", Default, is built in.
      return /^\d+$/.test(value) && value !== '0';
    case 'authenticationContext':
      return /^c\d+$/.test(value);
    case 'directoryRole':
      // DOC: Conditional Access names roles by the id of their template and knows built-in ones
      // only. Were that wrong, Graph would refuse the policy.
      return false;
    case 'authenticationStrength':
      return GUID.test(value) && !BUILT_IN_STRENGTH.test(value) && value !== ZEROS;
    default:
      return GUID.test(value) && value !== ZEROS;
  }
}

import { expect, test } from 'vitest';
import { Secret } from '../../kernel/secret.ts';
import { rolesInToken } from './token-roles.ts';

function rolesIn(claims: unknown): readonly string[] | null {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return rolesInToken(new Secret(`head.${payload}.signature`));
}

test('the roles of a token are those of its claim', () => {
  expect(rolesIn({ tid: 'a', roles: ['Policy.Read.All'] })).toEqual(['Policy.Read.All']);
  expect(rolesIn({ tid: 'a' })).toEqual([]);
});

test('a token that cannot be read tells nothing', () => {
  expect(rolesIn({ roles: 'all' })).toBeNull();
  expect(rolesIn(null)).toBeNull();
  for (const text of ['', 'opaque', 'a.b', 'a..b']) {
    expect(rolesInToken(new Secret(text)), text).toBeNull();
  }
});

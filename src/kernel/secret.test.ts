import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from './secret.ts';

test('a secret prints nothing, however one prints it', () => {
  const secret = new Secret({ password: 'hunter2' });
  const printed = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
    inspect(secret, { showHidden: true, getters: true }),
    Object.entries(secret).join(),
  ];
  for (const text of printed) expect(text).not.toContain('hunter2');
  expect(secret.reveal()).toEqual({ password: 'hunter2' });
});

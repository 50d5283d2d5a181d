import { expect, test } from 'vitest';
import { checkDemo } from '../scripts/package/try-package.ts';

function ended(exitCode: number, lastLine: string): () => void {
  const stdout = `lines before\n${lastLine}\n`;
  return () => checkDemo({ exitCode, stdout, output: stdout });
}

const tenant = { name: 'Contoso', policies: 12, new: 12, unchanged: 0, failed: 0, seconds: 1.5 };

test('a demo that ends well and says so passes', () => {
  expect(ended(0, JSON.stringify({ ok: true, tenants: [tenant] }))).not.toThrow();
});

test.each([
  ['an exit code', 1, JSON.stringify({ ok: true, tenants: [tenant] })],
  ['not ok', 0, JSON.stringify({ ok: false, tenants: [tenant] })],
  ['no tenants', 0, JSON.stringify({ ok: true, tenants: [] })],
  ['a failed policy', 0, JSON.stringify({ ok: true, tenants: [{ ...tenant, failed: 1 }] })],
  ['an empty tenant', 0, JSON.stringify({ ok: true, tenants: [{ ...tenant, policies: 0 }] })],
  ['no JSON at the end', 0, 'done'],
])('a demo that ends with %s does not', (_what, exitCode, lastLine) => {
  expect(ended(exitCode, lastLine)).toThrow('demo --once');
});

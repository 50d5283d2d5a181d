import { z } from 'zod';

/** One side of a comparison, as it is written on the command line. */
export type Side =
  /** The policy as it is in the tenant now. */
  | { readonly kind: 'live'; readonly policy: string }
  /** Null: the latest version. */
  | { readonly kind: 'version'; readonly policy: string; readonly number: number | null }
  | { readonly kind: 'versionId'; readonly id: string }
  | { readonly kind: 'backup'; readonly id: string }
  /** The latest version of every policy that is not missing. */
  | { readonly kind: 'tenant'; readonly tenant: string };

export const SIDES_HELP = `
Each side is one of:
  policy:POLICY      the latest version of a policy, by its id or name
  version:POLICY@N   version N of a policy; or version:ID
  live:POLICY        the policy as it is in the tenant now
  backup:BACKUP      a backup, by its id
  tenant:TENANT      the latest version of every policy, by the tenant's name or id

Differences are no failure: the exit code is 0, and --json says "isSame".`;

const MISFIT = 'must be policy:…, version:…@N, live:…, backup:… or tenant:…';

export const sideSchema = z.string().transform((text, context): Side => {
  const side = readSide(text);
  if (side !== undefined) return side;
  context.addIssue(MISFIT);
  return z.NEVER;
});

/** Names of policies may hold colons and at-signs: the first and the last one count. */
function readSide(text: string): Side | undefined {
  const [, kind = '', name = ''] = /^([a-z]+):(.+)$/su.exec(text) ?? [];
  if (name === '') return undefined;
  if (kind === 'live') return { kind, policy: name };
  if (kind === 'policy') return { kind: 'version', policy: name, number: null };
  if (kind === 'tenant') return { kind, tenant: name };
  if (kind === 'backup' || kind === 'version') {
    const id = z.uuid().safeParse(name);
    if (id.success) return { kind: kind === 'backup' ? kind : 'versionId', id: id.data };
  }
  const [, policy = '', number = ''] = /^(.+)@([1-9]\d{0,8})$/su.exec(name) ?? [];
  if (kind === 'version' && policy !== '') return { kind, policy, number: Number(number) };
  return undefined;
}

import { randomBytes } from 'node:crypto';
import type pg from 'pg';

/** Something that must not be found where it does not belong. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/**
 * Words that nobody else writes, with characters that an address changes; none that JSON or a row
 * written as text would, for these are nested in each other, and in hex.
 */
export function canaryText(name: string): string {
  return `canary/${name}+${randomBytes(12).toString('hex')}?<&>`;
}

/** The lines of a PEM block, each of which would give the key away. */
export function canariesOfPem(name: string, pem: string): Canary[] {
  const lines = pem.split('\n').filter((line) => line.length >= 40 && !line.includes('-'));
  if (lines.length === 0) throw new Error(`no key in ${name}`);
  return lines.map((value) => ({ name, value }));
}

/** Where a canary shows, in any way of writing it: `name as form`; empty when it does not. */
export function findCanaries(text: string, canaries: readonly Canary[]): string[] {
  const found = new Set<string>();
  for (const { name, value } of canaries) {
    for (const [form, written] of formsOf(value)) {
      const haystack = form === 'hex' ? text.toLowerCase() : text;
      if (haystack.includes(written)) found.add(`${name} as ${form}`);
    }
  }
  return [...found];
}

/** Base64 looks different at each of three places in a group of bytes: what is common is sought. */
function formsOf(value: string): [string, string][] {
  const bytes = Buffer.from(value, 'utf8');
  const base64 = [0, 1, 2].map((shift): string => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return shifted.replace(/=+$/, '').slice(shift === 0 ? 0 : 4, -1);
  });
  const url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    ['text', value],
    ['hex', bytes.toString('hex')],
    ['URL', encodeURIComponent(value)],
    ['form', new URLSearchParams({ v: value }).toString().slice(2)],
    ...[...base64, ...url].map((text): [string, string] => ['base64', text]),
  ];
}

/** Every row of every table as text, by the table's name; bytes as hex. */
export async function dumpTables(
  query: (statement: string) => Promise<pg.QueryResult>,
): Promise<Map<string, string>> {
  const { rows } = await query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const dump = new Map<string, string>();
  for (const { name } of rows) {
    const table = await query(`select t::text as line from ${name} t`);
    dump.set(name, table.rows.map(({ line }) => line).join('\n'));
  }
  return dump;
}

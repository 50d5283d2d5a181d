/**
 * Rows as CSV (RFC 4180), a column for each property of the first level. A text that a spreadsheet
 * would take for a formula is given an apostrophe: names come from customers' tenants.
 */
export function toCsv(rows: readonly unknown[]): string {
  const records = rows.map((row) => new Map(Object.entries(Object(row))));
  const names = [...new Set(records.flatMap((record) => [...record.keys()]))];
  const lines = records.map((record) => names.map((name) => cellOf(record.get(name))).join(','));
  return [names.map(cellOf).join(','), ...lines, ''].join('\r\n');
}

const FORMULA = /^[=+\-@\t\r]/;

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

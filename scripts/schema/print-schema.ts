import type { Client } from 'pg';
import {
  FOREWORDS,
  FUNCTIONS,
  TABLE_COLUMNS,
  TABLE_CONSTRAINTS,
  TABLE_STATEMENTS,
  VIEWS,
} from './catalog-queries.ts';

interface Line {
  readonly owner: string;
  readonly line: string;
}

const HEADER = `-- The schema as the migrations leave it, read from the catalog. Not to be edited: a
-- change is a migration, and "node scripts/bootstrap.mjs scripts/schema.ts" writes this page anew.
`;

/** The whole schema of a database as one page of SQL, the same for the same schema. */
export async function printSchema(client: Client): Promise<string> {
  // Catalog functions leave out the schema of what is on the search path, and write settings
  // into some defaults: both are fixed here.
  await client.query(`set search_path = public; set timezone = 'UTC'`);
  const forewords = await readAll(client, FOREWORDS);
  const columns = await readLines(client, TABLE_COLUMNS);
  const constraints = await readLines(client, TABLE_CONSTRAINTS);
  const statements = await readAll(client, TABLE_STATEMENTS);
  const views = await readLines(client, VIEWS);
  const functions = await readLines(client, FUNCTIONS);

  const tables = [...new Set(columns.map(({ owner }) => owner))];
  const parts = [
    forewords.map(({ line }) => `${line};`).join('\n'),
    ...tables.map((table) => {
      const inside = [...columns, ...constraints].filter(({ owner }) => owner === table);
      const after = statements.filter(({ owner }) => owner === table);
      const body = inside.map(({ line }) => `  ${line}`).join(',\n');
      const rest = after.map(({ line }) => `${line};`).join('\n');
      return `create table ${table} (\n${body}\n);\n${rest}`;
    }),
    ...views.map(({ owner, line }) => {
      const after = statements.filter((statement) => statement.owner === owner);
      return [line, ...after.map((statement) => `${statement.line};`)].join('\n');
    }),
    ...functions.map(({ line }) => line),
  ];
  return `${HEADER}\n${parts.join('\n\n')}\n`;
}

async function readAll(client: Client, queries: readonly string[]): Promise<Line[]> {
  const found: Line[] = [];
  for (const query of queries) found.push(...(await readLines(client, query)));
  return found;
}

async function readLines(client: Client, query: string): Promise<Line[]> {
  return (await client.query<Line>(query)).rows;
}

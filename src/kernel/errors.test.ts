import { expect, test } from 'vitest';
import { ACCESS_ERRORS } from './errors/access-errors.ts';
import { COMPARISON_ERRORS } from './errors/comparison-errors.ts';
import { DATA_ERRORS } from './errors/data-errors.ts';
import { GRAPH_ERRORS } from './errors/graph-errors.ts';
import { GROUP_ERRORS } from './errors/group-errors.ts';
import { INSTALLATION_ERRORS } from './errors/installation-errors.ts';
import { RESTORE_ERRORS } from './errors/restore-errors.ts';
import { RESTORE_WRITE_ERRORS } from './errors/restore-write-errors.ts';
import { RUN_ERRORS } from './errors/run-errors.ts';
import { WRITE_RIGHTS_ERRORS } from './errors/write-rights-errors.ts';
import { AppError, ERRORS } from './errors.ts';

const TABLES = [
  ACCESS_ERRORS,
  RUN_ERRORS,
  GRAPH_ERRORS,
  DATA_ERRORS,
  RESTORE_ERRORS,
  RESTORE_WRITE_ERRORS,
  GROUP_ERRORS,
  INSTALLATION_ERRORS,
  WRITE_RIGHTS_ERRORS,
  COMPARISON_ERRORS,
];

test('a code is in one table only', () => {
  const codes = TABLES.flatMap((table) => Object.keys(table));
  expect(codes.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
});

test('every error says in plain sentences what is wrong and what to do next', () => {
  for (const { message, next } of Object.values(ERRORS)) {
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(next).toMatch(/^[A-Z].*\.$/);
  }
});

test('an error shows its sentence, and keeps its cause for the log alone', () => {
  const error = new AppError('graph.refused', { status: 400 }, new Error('a token'));
  expect(error.message).toBe(ERRORS['graph.refused'].message);
  expect(JSON.stringify({ code: error.code, details: error.details })).not.toContain('token');
});

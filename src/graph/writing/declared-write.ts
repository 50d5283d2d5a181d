import { strict as assert } from 'node:assert';
import { AppError } from '../../kernel/errors.ts';
import type { Bucket, Contract } from '../contracts/define-contract.ts';
import { GROUPS } from '../contracts/directory-lookup.ts';
import { CONTRACTS } from '../contracts/list.ts';
import type { WriteTarget } from '../port.ts';
import type { WriteStep } from './write-step.ts';

/** A step that a contract declares, with its address. */
export interface DeclaredWrite {
  readonly url: string;
  /** The same without the id. */
  readonly template: string;
  readonly bucket: Bucket;
}

/**
 * The guard of the writing port (law 4): a step was computed and stored before, so what is sent is
 * looked up in the contracts once more, method and path.
 * @throws AppError `graph.write_refused`
 */
export function findDeclaredWrite(step: WriteStep, { graphId }: WriteTarget): DeclaredWrite {
  if (isGroupCreation(step)) return GROUP_CREATION;
  const contract = CONTRACTS.find((candidate) => declares(candidate, step));
  if (contract === undefined) throw new AppError('graph.write_refused');
  const template = `/${contract.apiVersion}${step.path}`;
  if (step.isCreate) return { url: template, template, bucket: contract.bucket };
  // An empty or dotted id would address the collection instead of a policy.
  assert(graphId !== undefined && !/^\.{0,2}$/.test(graphId), 'the step is about an object');
  const url = template.replace('{id}', () => encodeURIComponent(graphId));
  return { url, template, bucket: contract.bucket };
}

/** The one write that is of no contract: a group that an assignment needs (GROUPS names it). */
const GROUP_CREATION: DeclaredWrite = {
  url: `/${GROUPS.apiVersion}${GROUPS.path}`,
  template: `/${GROUPS.apiVersion}${GROUPS.path}`,
  bucket: GROUPS.bucket,
};

function isGroupCreation({ name, isCreate, method, path }: WriteStep): boolean {
  return name === 'create_group' && isCreate && method === 'POST' && path === GROUPS.path;
}

function declares({ path, writing }: Contract, step: WriteStep): boolean {
  const item = `${path}/{id}`;
  switch (step.name) {
    case 'create':
      return step.isCreate && step.method === 'POST' && step.path === path;
    case 'replace':
      return !step.isCreate && isUpdate('whole', 'PUT');
    case 'update':
      return !step.isCreate && isUpdate('changed', 'PATCH');
    case 'delete':
      return !step.isCreate && step.method === 'DELETE' && step.path === item;
    case 'assign':
    case 'schedule_actions':
      return (
        !step.isCreate &&
        step.method === 'POST' &&
        writing.actions.some(
          ({ step: name, action }) => name === step.name && step.path === `${item}/${action}`,
        )
      );
    case 'create_group':
      return false;
  }
  function isUpdate(way: 'whole' | 'changed', method: 'PUT' | 'PATCH'): boolean {
    return writing.update === way && step.method === method && step.path === item;
  }
}

import { strict as assert } from 'node:assert';
import { AppError } from '../../kernel/errors.ts';
import type { Bucket, Contract } from '../contracts/define-contract.ts';
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
  const contract = CONTRACTS.find((candidate) => declares(candidate, step));
  if (contract === undefined) throw new AppError('graph.write_refused');
  const template = `/${contract.apiVersion}${step.path}`;
  if (step.isCreate) return { url: template, template, bucket: contract.bucket };
  // An empty or dotted id would address the collection instead of a policy.
  assert(graphId !== undefined && !/^\.{0,2}$/.test(graphId), 'the step is about an object');
  const url = template.replace('{id}', () => encodeURIComponent(graphId));
  return { url, template, bucket: contract.bucket };
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
  }
  function isUpdate(way: 'whole' | 'changed', method: 'PUT' | 'PATCH'): boolean {
    return writing.update === way && step.method === method && step.path === item;
  }
}

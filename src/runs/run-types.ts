import assert from 'node:assert/strict';
import type { RunType } from './run-type.ts';

/** The run types of this process by name. A name that is there twice stops the process. */
export class RunTypes {
  readonly #byName = new Map<string, RunType>();

  constructor(types: readonly RunType[]) {
    for (const type of types) {
      assert(!this.#byName.has(type.name), `run type ${type.name} is listed twice`);
      this.#byName.set(type.name, type);
    }
  }

  get(name: string): RunType | undefined {
    return this.#byName.get(name);
  }

  all(): readonly RunType[] {
    return [...this.#byName.values()];
  }
}

import { RunTypes } from '../runs/run-types.ts';

/** Every kind of run there is. A name that is listed twice stops the process at its start. */
export const runTypes = new RunTypes([]);

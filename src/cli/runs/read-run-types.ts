import { z } from 'zod';
import { type RunTypeInfo, runTypeSchema } from '../../api/run-types.ts';
import type { ApiClient } from '../client/api-client.ts';

/** Every kind of run that the server knows. */
export async function readRunTypes(api: ApiClient): Promise<RunTypeInfo[]> {
  return (await api.get('/api/run-types', z.object({ items: z.array(runTypeSchema) }))).items;
}

import { type Problem, problemSchema } from '../../../src/api/problem.ts';

/** A request that did not succeed, in words; `requestId` finds it in the server's log. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;
  readonly requestId: string | null;
  constructor(problem: Problem, requestId: string | null) {
    super(problem.detail);
    this.problem = problem;
    this.requestId = requestId;
  }
}

/** What a failed answer says; a proxy's own error page says nothing that we may show. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get('x-request-id');
  const parsed = problemSchema.safeParse(await response.json().catch(() => null));
  return new ApiProblem(parsed.success ? parsed.data : oddAnswer(response.status), requestId);
}

/** The server could not be reached at all. */
export function unreachable(): ApiProblem {
  return new ApiProblem(
    {
      type: 'about:blank',
      title: 'Not reachable',
      status: 0,
      code: 'web.unreachable',
      detail: 'TenantAtlas cannot be reached.',
      next: 'Check your connection. The page goes on by itself when the server answers.',
    },
    null,
  );
}

/** The answer is not of the shape that this page was built for. */
export function oddAnswer(status: number): Problem {
  return {
    type: 'about:blank',
    title: 'Not understood',
    status,
    code: 'web.answer_not_understood',
    detail: 'The server answered in a way that this page does not understand.',
    next: 'Reload the page: the server may have been upgraded meanwhile.',
  };
}

/** Whether asking again may help: never for what the caller may not, or asked wrongly. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  const { status } = error.problem;
  return status === 0 || status === 429 || status >= 500;
}

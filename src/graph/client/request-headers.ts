/** Headers of every request to Graph; the id is answered back and asked for by Microsoft's support. */
export function requestHeaders(
  token: string,
  clientRequestId: string,
  hasBody: boolean,
): Readonly<Record<string, string>> {
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    'user-agent': 'TenantAtlas',
    'client-request-id': clientRequestId,
    'return-client-request-id': 'true',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
  };
}

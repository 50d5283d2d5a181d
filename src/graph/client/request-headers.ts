/** Headers of every request to Graph. The id is answered back; Microsoft's support asks for it. */
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

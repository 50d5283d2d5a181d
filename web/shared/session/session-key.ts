/** Under it the server cache holds who is signed in; null when nobody is. */
export const sessionKey = ['session'] as const;

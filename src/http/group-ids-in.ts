/** Ids in texts, in small letters: assignments are told by the id of their group. */
export function groupIdsIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.match(GUID) ?? []).map((id) => id.toLowerCase());
}

const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

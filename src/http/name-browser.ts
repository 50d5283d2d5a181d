const BROWSERS = [
  { name: 'Edge', mark: /\bEdg\// },
  { name: 'Firefox', mark: /\bFirefox\// },
  { name: 'Chrome', mark: /\b(Chrome|Chromium)\// },
  { name: 'Safari', mark: /\bSafari\// },
] as const;
const SYSTEMS = [
  { name: 'Windows', mark: /Windows/ },
  { name: 'Android', mark: /Android/ },
  { name: 'iOS', mark: /iPhone|iPad/ },
  { name: 'macOS', mark: /Mac OS X/ },
  { name: 'Linux', mark: /Linux/ },
] as const;

/** "Edge on Windows": enough to recognise a session of one's own by, and no fingerprint. */
export function nameBrowser(userAgent: string | undefined): string {
  const agent = userAgent ?? '';
  const browser = BROWSERS.find(({ mark }) => mark.test(agent))?.name ?? 'A program';
  const system = SYSTEMS.find(({ mark }) => mark.test(agent))?.name;
  return system === undefined ? browser : `${browser} on ${system}`;
}

import type { JsonObject } from '../values/json.ts';

/** Ids in the tenant that the drafts refer to. */
export interface Known {
  readonly breakGlass: string;
  readonly admins: string;
  readonly externals: string;
  readonly office: string;
  readonly countries: string;
}

/** Entra roles have the same ids in every tenant. */
const ADMIN_ROLES = [
  '62e90394-69f5-4237-9190-012177145e10',
  '194ae4cb-b126-40b2-bd5b-6091b380977d',
  'f28a1f50-f6e7-4571-818b-6a12f2af6b6c',
];

/** Named locations: the first two are named by policies. */
export function locationDrafts(): JsonObject[] {
  return [
    {
      '@odata.type': '#microsoft.graph.ipNamedLocation',
      displayName: 'Offices',
      isTrusted: true,
      ipRanges: [
        { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '203.0.113.0/26' },
        { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '198.51.100.64/28' },
        { '@odata.type': '#microsoft.graph.iPv6CidrRange', cidrAddress: '2001:db8:40::/48' },
      ],
    },
    countries('Countries we work in', ['AT', 'CH', 'DE', 'LI']),
    countries('Countries never', ['KP', 'SY']),
  ];
}

/** Conditional Access policies. */
export function conditionalAccessDrafts(known: Known): JsonObject[] {
  const everyone = users({
    includeUsers: ['All'],
    excludeGroups: [known.breakGlass, known.externals],
  });
  return [
    policy('CA001 - Require MFA for all users', everyone, { grant: grant('OR', ['mfa']) }),
    policy('CA002 - Block legacy authentication', everyone, {
      clientAppTypes: ['exchangeActiveSync', 'other'],
      grant: grant('OR', ['block']),
    }),
    policy(
      'CA003 - Admins: MFA and a compliant device',
      users({
        includeRoles: ADMIN_ROLES,
        includeGroups: [known.admins],
        excludeGroups: [known.breakGlass],
      }),
      { grant: grant('AND', ['mfa', 'compliantDevice']), session: signInEvery(4) },
    ),
    policy('CA004 - Block other countries', everyone, {
      locations: { includeLocations: ['All'], excludeLocations: [known.countries, known.office] },
      grant: grant('OR', ['block']),
    }),
    policy('CA005 - Unknown platforms', everyone, {
      platforms: {
        includePlatforms: ['all'],
        excludePlatforms: ['android', 'iOS', 'windows', 'macOS', 'linux'],
      },
      grant: grant('OR', ['block']),
      state: 'enabledForReportingButNotEnforced',
    }),
    policy('CA006 - Compliant or joined device for Office 365', everyone, {
      applications: ['Office365'],
      grant: grant('OR', ['compliantDevice', 'domainJoinedDevice']),
    }),
    policy('CA007 - Externals: sign in each hour', users({ includeGroups: [known.externals] }), {
      session: signInEvery(1),
      state: 'disabled',
    }),
  ];
}

interface Draft {
  readonly applications?: string[];
  readonly clientAppTypes?: string[];
  readonly platforms?: JsonObject;
  readonly locations?: JsonObject;
  readonly grant?: JsonObject;
  readonly session?: JsonObject;
  readonly state?: string;
}

function policy(displayName: string, who: JsonObject, draft: Draft): JsonObject {
  return {
    templateId: null,
    displayName,
    state: draft.state ?? 'enabled',
    deletedDateTime: null,
    partialEnablementStrategy: null,
    sessionControls: draft.session ?? null,
    conditions: {
      userRiskLevels: [],
      signInRiskLevels: [],
      clientAppTypes: draft.clientAppTypes ?? ['all'],
      platforms: draft.platforms ?? null,
      locations: draft.locations ?? null,
      times: null,
      deviceStates: null,
      devices: null,
      clientApplications: null,
      applications: {
        includeApplications: draft.applications ?? ['All'],
        excludeApplications: [],
        includeUserActions: [],
        includeAuthenticationContextClassReferences: [],
        applicationFilter: null,
      },
      users: who,
    },
    grantControls: draft.grant ?? null,
  };
}

function users(some: JsonObject): JsonObject {
  return {
    includeUsers: [],
    excludeUsers: [],
    includeGroups: [],
    excludeGroups: [],
    includeRoles: [],
    excludeRoles: [],
    includeGuestsOrExternalUsers: null,
    excludeGuestsOrExternalUsers: null,
    ...some,
  };
}

function grant(operator: 'AND' | 'OR', builtInControls: string[]): JsonObject {
  return {
    operator,
    builtInControls,
    customAuthenticationFactors: [],
    termsOfUse: [],
    authenticationStrength: null,
  };
}

function signInEvery(hours: number): JsonObject {
  return {
    disableResilienceDefaults: null,
    applicationEnforcedRestrictions: null,
    cloudAppSecurity: null,
    persistentBrowser: null,
    signInFrequency: {
      value: hours,
      type: 'hours',
      authenticationType: 'primaryAndSecondaryAuthentication',
      frequencyInterval: 'timeBased',
      isEnabled: true,
    },
  };
}

function countries(displayName: string, countriesAndRegions: string[]): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.countryNamedLocation',
    displayName,
    countriesAndRegions,
    includeUnknownCountriesAndRegions: false,
    countryLookupMethod: 'clientIpAddress',
  };
}

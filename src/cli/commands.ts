import type { CommandFile } from './command.ts';

export interface CommandEntry {
  /** `run watch`: a word for the group, a word for the command. */
  readonly name: string;
  readonly summary: string;
  /** A command's file is loaded when it is called: `runs` need not wait for the whole product. */
  load(): Promise<CommandFile>;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'see it work on simulated tenants; nothing in it talks to Microsoft',
    load: async () => (await import('./demo/demo.ts')).demoCommand,
  },
  {
    name: 'serve',
    summary: 'run the HTTP server and its worker',
    load: async () => (await import('./serve/serve.ts')).serveCommand,
  },
  {
    name: 'sync',
    summary: 'bring the inventory of a tenant up to date',
    load: async () => (await import('./runs/sync.ts')).syncCommand,
  },
  {
    name: 'backup',
    summary: "keep a version of a tenant's policies",
    load: async () => (await import('./runs/backup.ts')).backupCommand,
  },
  {
    name: 'backups',
    summary: 'list the backups of a tenant, or say what changed between two',
    load: async () => (await import('./runs/backups.ts')).backupsCommand,
  },
  {
    name: 'restore plan',
    summary: 'preview what putting a backup back would do; nothing is written',
    load: async () => (await import('./restores/restore-plan.ts')).restorePlanCommand,
  },
  {
    name: 'restore show',
    summary: 'show a restore with its last preview, or what became of it',
    load: async () => (await import('./restores/restore-show.ts')).restoreShowCommand,
  },
  {
    name: 'restore confirm',
    summary: "confirm a preview with the tenant's name and a reason",
    load: async () => (await import('./restores/restore-confirm.ts')).restoreConfirmCommand,
  },
  {
    name: 'restore execute',
    summary: 'carry out a confirmed preview',
    load: async () => (await import('./restores/restore-execute.ts')).restoreExecuteCommand,
  },
  {
    name: 'restore decide',
    summary: 'say what becomes of an item of which nobody knows whether it was made',
    load: async () => (await import('./restores/restore-decide.ts')).restoreDecideCommand,
  },
  {
    name: 'restore retry',
    summary: 'preview the failed items of a restore again',
    load: async () => (await import('./restores/restore-derive.ts')).restoreRetryCommand,
  },
  {
    name: 'restore undo',
    summary: 'preview taking a restore back',
    load: async () => (await import('./restores/restore-derive.ts')).restoreUndoCommand,
  },
  {
    name: 'restore repair',
    summary: 'preview putting new ids where policies refer to what was made anew',
    load: async () => (await import('./restores/restore-derive.ts')).restoreRepairCommand,
  },
  {
    name: 'connection verify',
    summary: 'look whether sign-in works and what it may see',
    load: async () => (await import('./connections/connection-verify.ts')).connectionVerifyCommand,
  },
  {
    name: 'connection arm',
    summary: 'let runs write to a tenant for some hours',
    load: async () => (await import('./connections/connection-arm.ts')).connectionArmCommand,
  },
  {
    name: 'connection disarm',
    summary: 'take the right to write to a tenant back',
    load: async () => (await import('./connections/connection-disarm.ts')).connectionDisarmCommand,
  },
  {
    name: 'restore secret',
    summary: 'enter a value that Microsoft Graph hides, for one restore',
    load: async () => (await import('./restores/restore-secret.ts')).restoreSecretCommand,
  },
  {
    name: 'diff',
    summary: 'say what differs between two versions, backups or tenants, or from the live policy',
    load: async () => (await import('./diff/diff.ts')).diffCommand,
  },
  {
    name: 'restore mapping',
    summary: 'print what a restore refers to, as a file to fill in for "restore plan --map"',
    load: async () => (await import('./restores/restore-mapping.ts')).restoreMappingCommand,
  },
  {
    name: 'groups sync',
    summary: "learn the groups of a tenant's directory",
    load: async () => (await import('./groups/groups-sync.ts')).groupsSyncCommand,
  },
  {
    name: 'groups list',
    summary: "list the groups of a tenant's directory",
    load: async () => (await import('./groups/groups-list.ts')).groupsListCommand,
  },
  {
    name: 'policies',
    summary: 'list the policies of a tenant',
    load: async () => (await import('./runs/policies.ts')).policiesCommand,
  },
  {
    name: 'runs',
    summary: 'list what has been going on in a tenant',
    load: async () => (await import('./runs/runs.ts')).runsCommand,
  },
  {
    name: 'run watch',
    summary: 'follow a run to its end',
    load: async () => (await import('./runs/run-watch.ts')).runWatchCommand,
  },
  {
    name: 'run cancel',
    summary: 'stop a run; what was done is kept',
    load: async () => (await import('./runs/run-cancel.ts')).runCancelCommand,
  },
  {
    name: 'run start',
    summary: 'start any kind of run',
    load: async () => (await import('./runs/run-start.ts')).runStartCommand,
  },
  {
    name: 'run types',
    summary: 'list the kinds of run',
    load: async () => (await import('./runs/run-types.ts')).runTypesCommand,
  },
  {
    name: 'user add',
    summary: 'set up: add a person',
    load: async () => (await import('./setup/user-add.ts')).userAddCommand,
  },
  {
    name: 'user link',
    summary: 'set up: a link that works once, to choose a password',
    load: async () => (await import('./setup/user-link.ts')).userLinkCommand,
  },
  {
    name: 'user disable',
    summary: 'set up: shut a person out of every tenant',
    load: async () => (await import('./setup/user-disable.ts')).userDisableCommand,
  },
  {
    name: 'tenant add',
    summary: "set up: add a customer's tenant; who adds it becomes its owner",
    load: async () => (await import('./setup/tenant-add.ts')).tenantAddCommand,
  },
  {
    name: 'member add',
    summary: 'set up: give a person a role in a tenant',
    load: async () => (await import('./setup/member-add.ts')).memberAddCommand,
  },
  {
    name: 'connection add',
    summary: "set up: tell how to sign in to a tenant's Microsoft Graph",
    load: async () => (await import('./setup/connection-add.ts')).connectionAddCommand,
  },
  {
    name: 'connection write-add',
    summary: 'set up: tell which second application may write in a tenant, while it is armed',
    load: async () => (await import('./setup/connection-write-add.ts')).connectionWriteAddCommand,
  },
  {
    name: 'connection write-remove',
    summary: 'set up: let nothing write in a tenant any more',
    load: async () =>
      (await import('./setup/connection-write-remove.ts')).connectionWriteRemoveCommand,
  },
  {
    name: 'token create',
    summary: 'set up: let a program, such as this one, act as a person',
    load: async () => (await import('./setup/token-create.ts')).tokenCreateCommand,
  },
  {
    name: 'token revoke',
    summary: 'set up: take a token back',
    load: async () => (await import('./setup/token-revoke.ts')).tokenRevokeCommand,
  },
  {
    name: 'doctor',
    summary: 'look whether everything needed is in order, and say how to mend it',
    load: async () => (await import('./doctor/doctor.ts')).doctorCommand,
  },
  {
    name: 'simulator',
    summary: 'run the Microsoft Graph simulator',
    load: async () => (await import('./serve/simulator.ts')).simulatorCommand,
  },
];

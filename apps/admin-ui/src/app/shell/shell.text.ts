import type { IconName } from '../ui/icon-paths';

interface Destination {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  /** Letter that goes there after `g`. */
  readonly key: string;
  readonly permission?: string;
}

export const SHELL = {
  product: 'Parley',
  skip: 'Skip to content',
  navigation: 'Areas',
  overlay: 'Menus and notices',
  organizations: 'Organizations',
  groups: [
    {
      heading: 'Watch',
      destinations: [
        { path: '/overview', label: 'Overview', icon: 'overview', key: 'o' },
        { path: '/messages', label: 'Messages', icon: 'message', key: 'm' },
        { path: '/deliveries', label: 'Deliveries', icon: 'delivery', key: 'd' },
        { path: '/work', label: 'Work lists', icon: 'inbox', key: 'w' },
        { path: '/reports', label: 'Reports', icon: 'report', key: 's', permission: 'monitoring:read' },
      ],
    },
    {
      heading: 'Build',
      destinations: [
        { path: '/endpoints', label: 'Endpoints', icon: 'endpoint', key: 'e', permission: 'endpoints:read' },
        { path: '/rules', label: 'Rules', icon: 'rule', key: 'r', permission: 'rules:read' },
      ],
    },
    {
      heading: 'Administer',
      destinations: [
        { path: '/administration/people', label: 'People', icon: 'person', key: 'p', permission: 'users:read' },
        { path: '/administration/api-keys', label: 'API keys', icon: 'key', key: 'k', permission: 'api-keys:read' },
        { path: '/administration/sign-in', label: 'Sign-in', icon: 'leave', key: 'i', permission: 'organizations:write' },
        { path: '/administration/audit', label: 'Audit log', icon: 'log', key: 'a', permission: 'audit:read' },
        { path: '/administration/alerts', label: 'Alerts', icon: 'warning', key: 'l', permission: 'monitoring:read' },
        { path: '/administration/retention', label: 'Retention', icon: 'clock', key: 't', permission: 'configuration:read' },
        { path: '/administration/organizations', label: 'Organizations', icon: 'organization', key: 'z', permission: 'organizations:write' },
        { path: '/administration/health', label: 'System health', icon: 'system', key: 'h', permission: 'organizations:write' },
      ],
    },
  ] as readonly { readonly heading: string; readonly destinations: readonly Destination[] }[],
  theme: { label: 'Theme', system: 'As the system', light: 'Light', dark: 'Dark' },
  health: {
    ok: 'All well',
    degraded: 'Degraded',
    down: 'Not ready',
    away: 'No answer',
    unknown: 'Checking…',
  },
  live: { stream: 'Live', polling: 'Refreshes every few seconds', away: 'Not connected' },
  account: 'Account',
  ownAccount: 'Sessions and password',
  signOut: 'Sign out',
  shortcuts: 'Keyboard shortcuts',
  keys: [
    { keys: ['/'], does: 'Search the list, or find a ticket' },
    { keys: ['j'], does: 'Next row' },
    { keys: ['k'], does: 'Previous row' },
    { keys: ['Enter'], does: 'Open the row' },
    { keys: ['x'], does: 'Select the row' },
    { keys: ['n'], does: 'Show new rows' },
    { keys: ['?'], does: 'This help' },
  ],
  goTo: 'Go to',
  close: 'Close',
  notFound: { heading: 'There is no such page', about: 'The address may be mistyped, or what it named is gone.', back: 'Back to the overview' },
} as const;

/** Everything one may be allowed to do. A route names one of these; the list is closed, so that a typing error does not compile. */
export const PERMISSIONS = [
  'messages:read', 'conversations:read', 'deliveries:read', 'deliveries:write',
  'endpoints:read', 'endpoints:write', 'endpoints:operate',
  'rules:read', 'rules:write', 'rules:simulate',
  'configuration:read', 'configuration:write',
  'monitoring:read', 'inbound:write',
  'users:read', 'users:write', 'api-keys:read', 'api-keys:write',
  'audit:read', 'organizations:write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** Roles of people in an organization, most powerful first. */
export const ROLES = ['administrator', 'integrator', 'operator', 'viewer', 'partner'] as const;

export type Role = (typeof ROLES)[number];

const VIEWER: readonly Permission[] = [
  'messages:read', 'conversations:read', 'deliveries:read', 'endpoints:read', 'rules:read', 'rules:simulate', 'configuration:read', 'monitoring:read',
];

const OPERATOR: readonly Permission[] = [...VIEWER, 'deliveries:write', 'endpoints:operate'];

/** What a role may do. */
export const ROLE_PERMISSIONS: { readonly [role in Role]: readonly Permission[] } = {
  administrator: PERMISSIONS,
  integrator: [...OPERATOR, 'endpoints:write', 'rules:write', 'configuration:write', 'inbound:write'],
  operator: OPERATOR,
  viewer: VIEWER,
  // Someone at the other end of a connection: sees how messages fare, not how they are made.
  partner: ['messages:read', 'conversations:read', 'deliveries:read'],
};

export const isPermission = (text: string): text is Permission => (PERMISSIONS as readonly string[]).includes(text);

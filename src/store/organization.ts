declare const brand: unique symbol;

/** Id of an organization (UUID). Branded, and the first argument of every store method, so that no other id gets into its place. */
export type OrganizationId = string & { readonly [brand]: 'OrganizationId' };

/** Takes a UUID that came from the database or a checked credential as an organization's id. */
export const organizationId = (id: string): OrganizationId => id as OrganizationId;

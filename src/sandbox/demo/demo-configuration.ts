/** What joins a demo tool to Parley. */
export interface DemoTool {
  readonly baseUrl: string;
  readonly token: string;
  readonly webhookSecret: string;
}

export const ACME = { endpoint: 'acme', sandbox: 'a', title: 'Acme service desk', prefix: 'ACME' } as const;
export const VENDOR = { endpoint: 'vendor_x', sandbox: 'b', title: 'Vendor X desk', prefix: 'VX' } as const;

/** The vendor names its states and priorities otherwise, as vendors do. */
export const VENDOR_OPTIONS = {
  states: ['Open', 'Working', 'Waiting for customer', 'Solved', 'Closed'],
  priorities: ['Critical', 'High', 'Medium', 'Low'],
  groups: ['Hotline', 'Field service', 'Engineering'],
} as const;

const STATES = [['New', 'Open'], ['In progress', 'Working'], ['On hold', 'Waiting for customer'], ['Resolved', 'Solved'], ['Closed', 'Closed']] as const;
const PRIORITIES = [['1', 'Critical'], ['2', 'High'], ['3', 'Medium'], ['4', 'Low']] as const;

const TO_VENDOR = { sourceSystemId: ACME.endpoint, sourceEntityType: 'ticket', targetSystemId: VENDOR.endpoint, targetEntityType: 'ticket' };
const TO_ACME = { sourceSystemId: VENDOR.endpoint, sourceEntityType: 'ticket', targetSystemId: ACME.endpoint, targetEntityType: 'ticket' };

const copy = (name: string) => ({ type: 'Single', template: `\${${name}}`, targetAttribute: name });
const text = (template: string, targetAttribute: string) => ({ type: 'Single', template, targetAttribute });
const table = (name: string, rows: readonly (readonly [string, string])[]) => ({ type: 'Table', sources: [name], targets: [name], rows: rows.map(([from, to]) => ({ when: [from], then: [to] })) });
const turned = (rows: readonly (readonly [string, string])[]) => rows.map(([from, to]) => [to, from] as const);

const isEvent = (...values: string[]) => ({ attribute: 'event', operator: 'EQUALS', values });
const isFollowUp = { attribute: 'event', operator: 'NOT_EQUALS', values: ['ticket.created', 'ticket.update-rejected'] };
const isPublicComment = [isFollowUp, { attribute: 'comment', operator: 'NOT_BLANK', values: [] }, { attribute: 'comment_visibility', operator: 'EQUALS', values: ['public'] }];
/** One that comes with a change is not taken by any rule; the change is. */
const isInternalComment = [isEvent('ticket.commented'), { attribute: 'comment_visibility', operator: 'EQUALS', values: ['internal'] }];
const FILES = { mapAttachmentsFromSourceMessage: true, extensionBlacklist: ['exe', 'bat', 'cmd'] };
const COMMENT = [copy('comment'), copy('comment_author'), copy('comment_visibility')];

const rule = (name: string, route: object, content: object) => ({ name, changeDescription: 'Part of the demo', ...route, ...content });

/** The rules of the demo: one ticket, two desks, everything that belongs to it. */
const RULES = [
  rule('Acme → Vendor X: open the ticket there', TO_VENDOR, {
    targetCondition: 'CREATE', entityConditions: [isEvent('ticket.created')], attachmentMapping: FILES,
    mappings: [copy('title'), copy('description'), copy('caller'), table('priority', PRIORITIES), table('state', STATES), text('${sf:message:ticketId}', 'external_reference')],
  }),
  rule('Vendor X → Acme: write its ticket id back', TO_ACME, {
    targetCondition: 'RESPONSE_TO_CREATE', responseStatus: 'SUCCESS', mappings: [text('${sf:response:ticketId}', 'external_reference')],
  }),
  rule('Vendor X → Acme: tell that it took no ticket', TO_ACME, {
    targetCondition: 'RESPONSE_TO_CREATE', responseStatus: 'ERROR',
    mappings: [text('Vendor X has not taken this ticket: ${sf:response:error}', 'comment'), text('internal', 'comment_visibility')],
  }),
  rule('Acme → Vendor X: changed fields', TO_VENDOR, {
    targetCondition: 'UPDATE', entityConditions: [isEvent('ticket.updated')],
    mappings: [copy('title'), copy('description'), table('priority', PRIORITIES), table('state', STATES)],
  }),
  rule('Vendor X → Acme: changed state', TO_ACME, {
    targetCondition: 'UPDATE', entityConditions: [isEvent('ticket.updated')], mappings: [table('state', turned(STATES)), table('priority', turned(PRIORITIES))],
  }),
  rule('Acme → Vendor X: public comments', TO_VENDOR, { targetCondition: 'UPDATE', entityConditions: isPublicComment, mappings: COMMENT }),
  rule('Vendor X → Acme: public comments', TO_ACME, { targetCondition: 'UPDATE', entityConditions: isPublicComment, mappings: COMMENT }),
  rule('Acme: internal comments stay here', { action: 'DROP', sourceSystemId: ACME.endpoint, sourceEntityType: 'ticket' }, { entityConditions: isInternalComment }),
  rule('Vendor X: internal comments stay here', { action: 'DROP', sourceSystemId: VENDOR.endpoint, sourceEntityType: 'ticket' }, { entityConditions: isInternalComment }),
  rule('Acme → Vendor X: files', TO_VENDOR, { targetCondition: 'UPDATE', entityConditions: [isFollowUp], attachmentRequired: true, attachmentMapping: FILES }),
  rule('Vendor X → Acme: files', TO_ACME, { targetCondition: 'UPDATE', entityConditions: [isFollowUp], attachmentRequired: true, attachmentMapping: FILES }),
];

const endpoint = (desk: typeof ACME | typeof VENDOR, tool: DemoTool, peer: string) => ({
  id: desk.endpoint, name: desk.title, adapter: 'sandbox', status: 'ACTIVE', settings: { ...tool, integrationUser: 'parley' },
  entityTypes: [{ name: 'ticket', references: [{ attribute: 'external_reference', endpoint: peer, entityType: 'ticket' }] }],
});

/** The configuration document of the demo. */
export const demoConfiguration = (acme: DemoTool, vendor: DemoTool): object => ({
  endpoints: [endpoint(ACME, acme, VENDOR.endpoint), endpoint(VENDOR, vendor, ACME.endpoint)],
  rules: RULES,
});

/** The parts of the editor, in order. */
export const SECTIONS = ['route', 'conditions', 'delays', 'virtual', 'mappings', 'conversation', 'attachments', 'answers', 'tests', 'bench', 'json'] as const;
export type Section = (typeof SECTIONS)[number];

const BY_KEY: Readonly<Record<string, Section>> = {
  entityConditions: 'conditions', conversationConditions: 'conditions', attachmentRequired: 'conditions', delayConditions: 'delays', timeoutSeconds: 'delays', onTimeout: 'delays',
  virtualAttributeMappings: 'virtual', mappings: 'mappings', conversationAttributeMappings: 'conversation', attachmentMapping: 'attachments', saveAttachmentsToConversation: 'attachments', tests: 'tests',
  name: 'route', priority: 'route', action: 'route', enabled: 'route', sourceSystemId: 'route', sourceEntityType: 'route', targetSystemId: 'route', targetEntityType: 'route', targetMessageType: 'route',
  targetCondition: 'route', responseStatus: 'route', iterate: 'route', iterateAttribute: 'route', routeOneTargetPerAttachment: 'route',
};

/** Where a place of the document is shown; what no form shows stands in its JSON. */
export const sectionOf = (pointer: string): Section => BY_KEY[pointer.split('/')[1] ?? ''] ?? 'json';

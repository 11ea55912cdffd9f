/** An endpoint document of kind `rest`, as short as it may be. */
export const restEndpoint = (id: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id, name: `The ${id}`, adapter: 'rest',
  settings: { baseUrl: 'http://127.0.0.1:9/', auth: { type: 'basic', username: 'u', password: `secret of ${id}` } },
  entityTypes: [{ name: 'incident', operations: { create: { method: 'POST', path: '/incidents' }, update: { method: 'PUT', path: '/incidents/{{ticketId}}' } }, response: { ticketId: 'id' } }],
  ...changes,
});

/** A rule document from `source` to `target`. */
export const routeRule = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  name: 'source to target', changeDescription: 'made by a test', sourceSystemId: 'source', sourceEntityType: 'incident', targetSystemId: 'target', targetEntityType: 'incident',
  mappings: [{ type: 'Single', template: '${short_description}', targetAttribute: 'title' }],
  ...changes,
});

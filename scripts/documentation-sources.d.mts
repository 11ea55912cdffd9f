import type { DocumentationSources } from './documentation.mjs';

export function documentationSources(load: (path: string) => Promise<object>): Promise<DocumentationSources>;

import type { Adapter } from './contract.js';
import { mail } from './kinds/mail/index.js';
import { rest } from './kinds/rest/index.js';
import { sandbox } from './kinds/sandbox/index.js';
import { soap } from './kinds/soap/index.js';

/** Every kind of connected system. A new one is a folder under `kinds/` and a line here. */
export const ADAPTERS: readonly Adapter[] = [rest, soap, sandbox, mail];

/** The adapter of a kind; undefined where there is none of that name. */
export const adapterOf = (kind: string): Adapter | undefined => ADAPTERS.find((adapter) => adapter.manifest.kind === kind);

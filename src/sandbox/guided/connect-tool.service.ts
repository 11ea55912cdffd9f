import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { EndpointService } from '../../adapter/index.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { DEFAULT_ORGANIZATION, type Actor } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { OrganizationStore } from '../../store/identity/organization.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import { HookSender } from '../hook-sender.service.js';
import { loopbackOrigin } from '../loopback-origin.js';
import { readOptions } from '../options.js';
import { Refusal } from '../refusal.js';
import { SandboxDirectory } from '../sandbox-directory.service.js';
import { SandboxService } from '../sandbox.service.js';
import { TicketDesk } from '../ticket-desk.js';
import { readTicketInput } from '../ticket-input.js';

/** A tool that was made and joined to an endpoint of its own. */
export interface ConnectedTool {
  readonly endpoint: string;
  readonly sandbox: string;
  readonly title: string;
}

const NO_REPEAT = { key: null, route: '', body: new Uint8Array() };

/** What the first steps of a newcomer need: a ticket tool that is connected already, and a ticket in it. */
@Injectable()
export class ToolConnector {
  constructor(
    private readonly sandboxes: SandboxService, private readonly endpoints: EndpointService, private readonly directory: SandboxDirectory,
    private readonly hooks: HookSender, private readonly database: Database, @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Makes a ticket tool, its endpoint, and the webhook between them. `port` is the one that this process listens on. */
  async connect(organization: OrganizationId, by: Actor, title: string, port: number): Promise<ConnectedTool> {
    const suffix = randomBytes(3).toString('hex');
    const endpoint = `${slugOf(title)}_${suffix}`;
    const sandbox = endpoint.replaceAll('_', '-');
    const slug = (await new OrganizationStore(this.database.app.manager).byId(organization))?.slug ?? DEFAULT_ORGANIZATION;
    const origin = loopbackOrigin(this.settings.host, port);
    const { token, webhookSecret } = await this.sandboxes.create(organization, by, { name: sandbox, title, prefix: prefixOf(title) });
    await this.endpoints.put(organization, by, null, { document: {
      id: endpoint, name: title, adapter: 'sandbox', status: 'ACTIVE', entityTypes: [{ name: 'ticket' }],
      settings: { baseUrl: `${origin}/sandbox/${sandbox}`, token, webhookSecret, integrationUser: 'parley' },
    } });
    const { secret } = await this.endpoints.generateCredential(organization, by, endpoint, { kind: 'basic', label: `webhooks of ${title}` });
    await this.sandboxes.update(organization, by, sandbox, { webhook: { url: `${origin}/api/v1/o/${slug}/inbound/${endpoint}/ticket`, username: endpoint, password: secret, secret: webhookSecret } });
    return { endpoint, sandbox, title };
  }

  /** Opens a ticket in a tool of the organization, as a person at its desk would; answers the ticket's id. */
  async openTicket(organization: OrganizationId, by: Actor, sandbox: string, ticket: { readonly title: string; readonly description: string }): Promise<string> {
    await this.sandboxes.find(organization, sandbox); // refuses a tool of others
    const tool = await this.directory.find(sandbox);
    if (tool === null) throw Problem.missing('such sandbox');
    try {
      const { body } = await new TicketDesk(tool, this.database).create(readTicketInput(ticket, readOptions(tool.options)), { name: by.name.slice(0, 60), isProgram: false }, NO_REPEAT);
      this.hooks.wake();
      return (body as { readonly id: string }).id;
    } catch (error) {
      if (error instanceof Refusal) throw Problem.invalid([{ pointer: '/title', detail: error.message }]);
      throw error;
    }
  }
}

/** As much of a title as an endpoint's id may hold. */
const slugOf = (title: string): string => title.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '').slice(0, 24) || 'desk';

/** Of ticket ids: the first letters of its words. */
const prefixOf = (title: string): string => {
  const words = title.toUpperCase().split(/[^A-Z0-9]+/).filter((word) => /^[A-Z]/.test(word));
  return (words.length > 1 ? words.map((word) => word[0]).join('') : (words[0] ?? 'T').slice(0, 3)).slice(0, 6);
};

import { randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { EndpointService } from '../../adapter/index.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { ConfigurationService } from '../../configuration/index.js';
import { DEFAULT_ORGANIZATION, SYSTEM } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { OrganizationStore } from '../../store/identity/organization.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { readRevisions } from '../../store/rule/revision.js';
import { loopbackOrigin } from '../loopback-origin.js';
import { SandboxService } from '../sandbox.service.js';
import { ACME, demoConfiguration, VENDOR, VENDOR_OPTIONS, type DemoTool } from './demo-configuration.js';

type Desk = typeof ACME | typeof VENDOR;

const DESKS = [ACME, VENDOR] as const;

/** Two ticket tools and the rules that join them, for whoever starts Parley for the first time. */
@Injectable()
export class Demo {
  private readonly logger = new Logger('demo');

  constructor(
    private readonly database: Database, private readonly sandboxes: SandboxService, private readonly endpoints: EndpointService,
    private readonly configuration: ConfigurationService, @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Loads the demo into an organization where nothing was ever configured, or goes on with a load that was cut short. Needs the port that is listened on. */
  async load(port: number): Promise<void> {
    const organization = await new OrganizationStore(this.database.app.manager).bySlug(DEFAULT_ORGANIZATION);
    if (this.settings.demo !== true || organization === null) return;
    const origin = loopbackOrigin(this.settings.host, port);
    const tools = (await this.sandboxes.list(organization)).filter((tool) => DESKS.some((desk) => desk.sandbox === tool.name));
    const isUntouched = !(await readRevisions(this.database.worker)).has(organization);
    const isCutShort = tools.length === DESKS.length && tools.some((tool) => tool.webhookUrl === null);
    if (isUntouched || isCutShort) await this.join(organization, origin, new Set(tools.map((tool) => tool.name)));
    else await this.follow(organization, origin);
  }

  /** The webhooks come last: only when they are set is the demo complete. */
  private async join(organization: OrganizationId, origin: string, existing: ReadonlySet<string>): Promise<void> {
    const made = new Map<Desk, DemoTool>();
    for (const desk of DESKS) made.set(desk, await this.makeTool(organization, desk, origin, existing.has(desk.sandbox)));
    await this.configuration.apply(organization, SYSTEM, demoConfiguration(made.get(ACME)!, made.get(VENDOR)!), { dryRun: false, prune: false });
    for (const desk of DESKS) {
      const { secret } = await this.endpoints.generateCredential(organization, SYSTEM, desk.endpoint, { kind: 'basic', label: `webhooks of ${desk.title}` });
      const url = `${origin}/api/v1/inbound/${desk.endpoint}/ticket`;
      await this.sandboxes.update(organization, SYSTEM, desk.sandbox, { webhook: { url, username: desk.endpoint, password: secret, secret: made.get(desk)!.webhookSecret } });
    }
    this.logger.log('the demo was loaded: two sandbox tools and the rules that join them');
  }

  private async makeTool(organization: OrganizationId, desk: Desk, origin: string, exists: boolean): Promise<DemoTool> {
    const token = randomBytes(24).toString('base64url');
    const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
    const options = desk === VENDOR ? { ...VENDOR_OPTIONS } : {};
    if (exists) await this.sandboxes.update(organization, SYSTEM, desk.sandbox, { token });
    else await this.sandboxes.create(organization, SYSTEM, { name: desk.sandbox, title: desk.title, prefix: desk.prefix, token, options });
    return { baseUrl: `${origin}/sandbox/${desk.sandbox}`, token, webhookSecret };
  }

  /** Another port than last time: tools and endpoints of the demo find each other again. */
  private async follow(organization: OrganizationId, origin: string): Promise<void> {
    for (const desk of DESKS) {
      const known = await this.endpoints.read(organization, (change) => change.find(desk.endpoint));
      const baseUrl = known?.row.settings['baseUrl'];
      const moved = `${origin}/sandbox/${desk.sandbox}`;
      if (known === null || typeof baseUrl !== 'string' || baseUrl === moved || !isOwnSandbox(baseUrl, desk)) continue;
      await this.endpoints.put(organization, SYSTEM, desk.endpoint, { document: { settings: { ...known.row.settings, baseUrl: moved } } });
      const tool = (await this.sandboxes.list(organization)).find((one) => one.name === desk.sandbox);
      if (tool?.webhookUrl == null) continue;
      await this.sandboxes.update(organization, SYSTEM, desk.sandbox, { webhook: { url: `${origin}${new URL(tool.webhookUrl).pathname}` } }); // as whom it is told stays
    }
  }
}

/** Whether an address is the demo tool on this machine, as this class wrote it: what someone has changed stays. */
function isOwnSandbox(address: string, desk: Desk): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && url.pathname === `/sandbox/${desk.sandbox}` && (/^127\.|^localhost$|^\[::1\]$/.test(url.hostname));
}

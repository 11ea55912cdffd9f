import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditLog, SecretBox, type Actor } from '../identity/index.js';
import type { EntityManager } from '../store/data-source.js';
import { Database } from '../store/database.js';
import type { OrganizationId } from '../store/organization.js';
import { SandboxStore } from '../store/sandbox/sandbox.store.js';
import type { SandboxContent, SandboxRow } from '../store/sandbox/sandbox-row.js';
import { Problem } from '../web/index.js';
import { readFaults, type Faults } from './faults.js';
import { readOptions, type SandboxOptions } from './options.js';
import { SandboxDirectory } from './sandbox-directory.service.js';
import { openHookSecrets, sealHookSecrets, shownAddress, tokenHash } from './sandbox-secret.js';

/** Where changes are told, and as whom; what is left out of the credentials stays as it is. */
export interface NewWebhook {
  readonly url: string;
  /** Key of the signature; generated at first where absent. */
  readonly secret?: string;
  readonly username?: string;
  readonly password?: string;
}

export interface NewSandbox {
  readonly name: string;
  readonly title?: string;
  readonly prefix?: string;
  /** Generated where absent. */
  readonly token?: string;
  readonly webhook?: NewWebhook;
  readonly options?: Partial<SandboxOptions>;
}

export type SandboxChange = Omit<Partial<NewSandbox>, 'name' | 'webhook'> & { readonly webhook?: NewWebhook | null };

/** A tool as administrators see it; its secrets only in the answer that makes them. */
export interface Sandbox {
  readonly name: string;
  readonly title: string;
  readonly prefix: string;
  /** Without its query, which may hold a token. */
  readonly webhookUrl: string | null;
  readonly options: SandboxOptions;
  readonly faults: Faults;
  readonly createdAt: string;
}

export interface MadeSandbox extends Sandbox {
  readonly token: string;
  readonly webhookSecret: string;
}

/** Makes, changes and removes the built-in ticket tools of an organization. */
@Injectable()
export class SandboxService {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly audit: AuditLog,
    private readonly directory: SandboxDirectory,
  ) {}

  list(organization: OrganizationId): Promise<Sandbox[]> {
    return this.inStore(organization, async (store) => (await store.all()).map(viewOf));
  }

  find(organization: OrganizationId, name: string): Promise<Sandbox> {
    return this.inStore(organization, async (store) => viewOf(await existing(store, name)));
  }

  /** Makes a tool. Token and webhook secret are told here and never again. */
  async create(organization: OrganizationId, by: Actor, given: NewSandbox): Promise<MadeSandbox> {
    const token = given.token ?? randomBytes(24).toString('base64url');
    const webhookSecret = given.webhook?.secret ?? makeWebhookSecret();
    const content: SandboxContent = {
      title: given.title ?? given.name, prefix: given.prefix ?? given.name.slice(0, 3).toUpperCase(), tokenHash: tokenHash(token),
      webhookUrl: given.webhook?.url ?? null, webhookSecret: sealHookSecrets(this.box, organization, given.name, { secret: webhookSecret, authorization: authorizationOf(given.webhook) }),
      options: withoutGaps(given.options), faults: {}, faultBudget: null,
    };
    const made = await this.inStore(organization, async (store, manager) => {
      if (!(await store.create(given.name, content))) throw Problem.conflict('sandbox-name-taken', `There is a sandbox ${given.name} already.`);
      await this.audit.record(manager, organization, by, 'sandbox.create', `sandbox:${given.name}`, { title: content.title });
      return existing(store, given.name);
    });
    await this.directory.refresh();
    return { ...viewOf(made), token, webhookSecret };
  }

  /** Changes what is given; a webhook of null is taken away. A webhook without a secret keeps the one it has. */
  async update(organization: OrganizationId, by: Actor, name: string, change: SandboxChange): Promise<Sandbox> {
    return this.inStore(organization, async (store, manager) => {
      const known = await existing(store, name);
      const { webhook, token } = change;
      await store.update(name, {
        ...known, title: change.title ?? known.title, prefix: change.prefix ?? known.prefix,
        tokenHash: token === undefined ? known.tokenHash : tokenHash(token),
        webhookUrl: webhook === undefined ? known.webhookUrl : (webhook?.url ?? null),
        webhookSecret: webhook === undefined || webhook === null ? known.webhookSecret : this.sealed(organization, known, webhook),
        options: { ...known.options, ...withoutGaps(change.options) },
      });
      await this.audit.record(manager, organization, by, 'sandbox.update', `sandbox:${name}`, { changed: Object.keys(withoutGaps(change)) });
      return viewOf(await existing(store, name));
    });
  }

  /** Switches faults on, for `times` faulty requests or until they are switched off. */
  async setFaults(organization: OrganizationId, name: string, faults: Faults, times: number | null): Promise<void> {
    await this.inStore(organization, async (store) => {
      await store.update(name, { ...(await existing(store, name)), faults: { ...faults }, faultBudget: times });
    });
  }

  /** Removes a tool with all its tickets. */
  async remove(organization: OrganizationId, by: Actor, name: string): Promise<void> {
    await this.inStore(organization, async (store, manager) => {
      if (!(await store.remove(name))) throw Problem.missing(`sandbox ${name}`);
      await this.audit.record(manager, organization, by, 'sandbox.delete', `sandbox:${name}`);
    });
    await this.directory.refresh();
  }

  private sealed(organization: OrganizationId, known: SandboxRow, webhook: NewWebhook): Buffer {
    const stored = known.webhookSecret === null ? null : openHookSecrets(this.box, organization, known.name, known.webhookSecret);
    return sealHookSecrets(this.box, organization, known.name, {
      secret: webhook.secret ?? stored?.secret ?? makeWebhookSecret(), authorization: authorizationOf(webhook) ?? stored?.authorization ?? null,
    });
  }

  private inStore<T>(organization: OrganizationId, work: (store: SandboxStore, manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.inOrganization(organization, (manager) => work(new SandboxStore(organization, manager), manager));
  }
}

async function existing(store: SandboxStore, name: string): Promise<SandboxRow> {
  const found = await store.find(name);
  if (found === null) throw Problem.missing(`sandbox ${name}`);
  return found;
}

/** Checked bodies have every key they could have; what was not given is undefined there. */
const withoutGaps = (given: object = {}): Record<string, unknown> => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

const authorizationOf = (webhook: NewWebhook | undefined): string | null =>
  (webhook?.password === undefined ? null : `Basic ${Buffer.from(`${webhook.username ?? ''}:${webhook.password}`).toString('base64')}`);

const makeWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

const viewOf = (row: SandboxRow): Sandbox => ({
  name: row.name, title: row.title, prefix: row.prefix, webhookUrl: row.webhookUrl === null ? null : shownAddress(row.webhookUrl),
  options: readOptions(row.options), faults: readFaults(row.faults), createdAt: row.createdAt.toISOString(),
});

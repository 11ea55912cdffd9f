import { Injectable } from '@nestjs/common';
import { InstallationKey, SecretBox, type SecretPlace } from '../../identity/index.js';
import type { OrganizationId } from '../../store/organization.js';
import type { Secrets } from './secret-settings.js';

const NONE: Secrets = Object.freeze({});

/** Seals the secrets of endpoints for the database, opens them, and names them without telling them. */
@Injectable()
export class EndpointSecrets {
  constructor(private readonly box: SecretBox, private readonly key: InstallationKey) {}

  seal(organization: OrganizationId, endpoint: string, secrets: Secrets): Buffer | null {
    return Object.keys(secrets).length === 0 ? null : this.box.seal(placeOf(organization, endpoint), JSON.stringify(secrets));
  }

  /** Throws where the sealed bytes were changed or belong to another endpoint. */
  open(organization: OrganizationId, endpoint: string, sealed: Buffer | null): Secrets {
    return sealed === null ? NONE : (JSON.parse(this.box.openText(placeOf(organization, endpoint), sealed)) as Secrets);
  }

  /** The mark that stands for a secret in what is shown: the same for the same value of the same endpoint, and telling nothing without the key. */
  markOf(organization: OrganizationId, endpoint: string, value: unknown): { readonly $secret: string } {
    return { $secret: this.key.hmac('check', JSON.stringify(['fingerprint', organization, endpoint, value])).toString('hex').slice(0, 12) };
  }
}

const placeOf = (organization: OrganizationId, endpoint: string): SecretPlace => ({ organization, table: 'endpoint', column: 'secrets', row: endpoint });

import type { Adapter } from '../../contract.js';
import { check } from './check.js';
import { inbound } from './inbound.js';
import { outbound } from './outbound.js';
import { consent } from './send/consent.js';
import { ENTITY_TYPE_SCHEMA, SETTINGS_SCHEMA } from './settings.js';
import { source } from './source.js';

/** Mailboxes: tickets by mail in both directions, and event mails of machines. */
export const mail: Adapter = {
  manifest: { kind: 'mail', label: 'E-mail', version: '1.0.0', description: 'A mailbox: IMAP, POP3, SMTP or Microsoft Graph in, SMTP or Microsoft Graph out.', receives: true, sends: true },
  settings: SETTINGS_SCHEMA,
  entityTypeSettings: ENTITY_TYPE_SCHEMA,
  inbound, outbound, source, consent, check,
};

import { mail } from './mail.js';
import { slack } from './slack.js';
import { teams } from './teams.js';
import type { AlertTransport } from './transport.js';
import { webhook } from './webhook.js';

/** Every way in which an alert can be told. */
export const TRANSPORTS: readonly AlertTransport[] = [mail, slack, teams, webhook];

export const TRANSPORT_KINDS = TRANSPORTS.map(({ kind }) => kind);

/** The transport of a kind; a kind that nobody has is a fault of ours. */
export function transportOf(kind: string): AlertTransport {
  const found = TRANSPORTS.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`There is no transport ${kind}.`);
  return found;
}

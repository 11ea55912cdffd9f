/** A kind of state that somebody should know of. */
export interface AlertKind {
  readonly kind: string;
  /** `installation`: told to the installation's own organization only. */
  readonly scope: 'organization' | 'installation';
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
  /** How long it must have been seen before it is told. */
  readonly holdMs: number;
  /** How long it must have been away before it is told to be over: what flaps is told once. */
  readonly quietMs: number;
  /** Not told of an endpoint in maintenance: that is what its owner announced. */
  readonly restsInMaintenance?: boolean;
}

const MINUTE_MS = 60_000;

/** Everything that Parley raises an alert for. */
export const ALERT_KINDS = [
  { kind: 'credentials', scope: 'organization', title: 'An endpoint refuses our credentials', advice: 'Correct the credentials of the endpoint; deliveries go on by themselves.', holdMs: 0, quietMs: 0, restsInMaintenance: true },
  { kind: 'target-down', scope: 'organization', title: 'An endpoint does not answer', advice: 'Nothing is lost: deliveries wait and go on when it answers. Ask its owner, or suspend the endpoint.', holdMs: 30_000, quietMs: MINUTE_MS, restsInMaintenance: true },
  { kind: 'dead-deliveries', scope: 'organization', title: 'Deliveries are dead', advice: 'Look at the reason, mend it, then retry, edit or skip them.', holdMs: 0, quietMs: 0 },
  { kind: 'held-deliveries', scope: 'organization', title: 'Deliveries are held', advice: 'Nobody can tell whether the target got something: look there, then confirm, resend or skip.', holdMs: 0, quietMs: 0 },
  { kind: 'failed-messages', scope: 'organization', title: 'Messages failed', advice: 'A message could not be read, or a rule could not be carried out: look at the reason, mend it, then try the messages again.', holdMs: 0, quietMs: 0 },
  { kind: 'loop', scope: 'organization', title: 'A conversation runs in a circle', advice: 'Two tools answer each other. Mend the rules, then release the conversation.', holdMs: 0, quietMs: 0 },
  { kind: 'held-mails', scope: 'organization', title: 'Mails are held back', advice: 'Two machines answer each other, or somebody floods the mailbox. The mails are kept as filtered: look who writes, end it where it begins, or raise the limits of the endpoint.', holdMs: 0, quietMs: 0 },
  { kind: 'suppressed-addresses', scope: 'organization', title: 'Addresses are given up', advice: 'Mails to them came back several times. Correct the address where it comes from; if it works again, lift it on the page of the endpoint.', holdMs: 0, quietMs: 0 },
  { kind: 'contradictions', scope: 'organization', title: 'Conversations contradict each other', advice: 'One ticket belongs to two conversations: merge or split them, or settle the entry if it is right as it is.', holdMs: 0, quietMs: 0 },
  { kind: 'stopped-conversations', scope: 'organization', title: 'Conversations stand still', advice: 'Open the conversation: it tells why, and how to release it.', holdMs: MINUTE_MS, quietMs: 0 },
  { kind: 'queue-age', scope: 'organization', title: 'Messages wait too long', advice: 'The instance does not keep up, or an endpoint is slow: look at the system health.', holdMs: 30_000, quietMs: MINUTE_MS },
  { kind: 'redis', scope: 'installation', title: 'Redis does not take wake-ups', advice: 'Nothing is lost and work goes on, some seconds later. Look at Redis.', holdMs: 30_000, quietMs: MINUTE_MS },
  { kind: 'database-locked', scope: 'installation', title: 'A session of the database keeps Parley waiting', advice: 'Nothing is lost, but what it has locked waits. Ask whose it is; end the session, or what runs in it.', holdMs: 0, quietMs: MINUTE_MS },
  { kind: 'disk', scope: 'installation', title: 'The disk is nearly full', advice: 'Make room before it is full: nothing can be accepted then.', holdMs: 0, quietMs: MINUTE_MS },
] as const satisfies readonly AlertKind[];

export type AlertKindName = (typeof ALERT_KINDS)[number]['kind'];

export const ALERT_KIND_NAMES: readonly AlertKindName[] = ALERT_KINDS.map(({ kind }) => kind);

export const alertKind = (kind: string): AlertKind | null => ALERT_KINDS.find((one) => one.kind === kind) ?? null;

/** The filters of the audit log as they stand in the address. */
export interface AuditFilter {
  readonly subject?: string | undefined;
  readonly actor?: string | undefined;
  /** The word before the dot of an action. */
  readonly action?: string | undefined;
  /** A length of time back from now. */
  readonly since?: string | undefined;
}

/** What the API is asked for: only what is set. */
export function auditQuery({ subject, actor, action, since }: AuditFilter, instantOf: (since: string | undefined) => string | undefined): { subject?: string; actor?: string; action?: string; from?: string } {
  const wanted = { subject, actor, action, from: instantOf(since) };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined && value !== ''));
}

/** Where the thing that an entry is about is shown; undefined for what has no screen of its own. */
export function placeOf(action: string, subject: string): readonly string[] | undefined {
  const [kind, id] = subject.includes(':') ? [subject.slice(0, subject.indexOf(':')), subject.slice(subject.indexOf(':') + 1)] : [action.split('.')[0] ?? '', subject];
  switch (kind) {
    case 'rule': return ['/rules', id];
    case 'endpoint': return ['/endpoints', id];
    case 'message': return ['/messages', id];
    case 'conversation': return ['/conversations', id];
    default: return undefined;
  }
}

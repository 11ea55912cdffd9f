import SMTPConnection from 'nodemailer/lib/smtp-connection';

/** What of the library is reached into: it knows one original recipient per mail, RFC 3461 (4.2) one per recipient. */
interface Internals {
  readonly _envelope: { dsn?: { orcpt?: string | null } };
  readonly _recipientQueue: readonly string[];
  _getDsnRcptToArgs(): string;
}

/** A connection that names each recipient as it was meant, so that a report says who that was, however it was forwarded. */
export class NamingConnection extends SMTPConnection {
  _getDsnRcptToArgs(): string {
    const inner = this as unknown as Internals;
    const recipient = inner._recipientQueue.at(-1);
    // What is not ASCII would need another form (utf-8, RFC 6533), which few servers know.
    if (inner._envelope.dsn !== undefined) inner._envelope.dsn.orcpt = recipient !== undefined && /^[\x21-\x7e]+$/.test(recipient) ? `rfc822;${recipient}` : null;
    return (SMTPConnection.prototype as unknown as Internals)._getDsnRcptToArgs.call(this);
  }
}

import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { GuardedHttp, type CallLimits } from '../../net/index.js';
import type { Mail, Post } from './transport/transport.js';

const LIMITS: CallLimits = { connectMs: 5_000, headersMs: 10_000, totalMs: 15_000, maxAnswerBytes: 65_536 };
const MAIL_MS = 15_000;

/** Carries what transports compose: posts through the guarded way out, mail through the installation's own server. */
@Injectable()
export class AlertPost implements BeforeApplicationShutdown {
  private mailer: Transporter | null = null;

  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly http: GuardedHttp) {}

  get canMail(): boolean {
    return this.settings.smtpUrl !== undefined;
  }

  /** Sends; answers null, or one sentence about why it did not arrive. Never throws. */
  async send(organization: string, message: { readonly mail: Mail } | { readonly post: Post }, signal: AbortSignal): Promise<string | null> {
    return 'mail' in message ? this.sendMail(message.mail) : this.sendPost(organization, message.post, signal);
  }

  beforeApplicationShutdown(): void {
    this.mailer?.close();
  }

  private async sendPost(organization: string, { url, headers, body }: Post, signal: AbortSignal): Promise<string | null> {
    const outcome = await this.http.client(`${organization} alerts`, { slots: 4 }).call({ method: 'POST', url, headers: { 'user-agent': 'Parley', ...headers }, body: Buffer.from(body) }, LIMITS, signal);
    if (outcome.kind === 'failed') return outcome.message;
    return outcome.status >= 200 && outcome.status < 300 ? null : `The receiver answered ${outcome.status}.`;
  }

  private async sendMail({ to, subject, text, id }: Mail): Promise<string | null> {
    const { smtpUrl, mailFrom } = this.settings;
    if (smtpUrl === undefined) return 'No mail server is set (PARLEY_SMTP_URL).';
    this.mailer ??= createTransport({ url: smtpUrl, connectionTimeout: MAIL_MS, greetingTimeout: MAIL_MS, socketTimeout: MAIL_MS, disableFileAccess: true, disableUrlAccess: true, tls: { minVersion: 'TLSv1.2' } });
    const host = mailFrom.slice(mailFrom.lastIndexOf('@') + 1).replace(/>$/, '');
    try {
      // Machines must not answer machines (RFC 3834).
      await this.mailer.sendMail({ from: mailFrom, to: [...to], subject, text, messageId: `<${id}@${host}>`, headers: { 'Auto-Submitted': 'auto-generated', Precedence: 'bulk' } });
      return null;
    } catch (error) {
      return `The mail server did not take it: ${(error as Error).message.replace(/\s+/g, ' ').slice(0, 300)}`;
    }
  }
}

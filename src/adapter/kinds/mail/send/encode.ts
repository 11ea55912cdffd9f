import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { SmtpSettings } from '../settings.js';
import type { ComposedMail } from './compose.js';

/** Encodes a mail as MIME, signed where a DKIM key is set. The same mail gives the same bytes but for the signature's time. Reads no files and no addresses. */
export async function encode(mail: ComposedMail, dkim: SmtpSettings['dkim'] | null): Promise<Buffer> {
  const transport = createTransport({
    streamTransport: true, buffer: true, newline: 'windows', disableFileAccess: true, disableUrlAccess: true,
    ...(dkim === null || dkim === undefined ? {} : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
  });
  const info = await transport.sendMail({
    from: mail.from, replyTo: mail.replyTo, to: [...mail.to], cc: [...mail.cc], subject: mail.subject, messageId: `<${mail.messageId}>`, text: mail.text, ...(mail.html === null ? {} : { html: mail.html }),
    ...(mail.inReplyTo === null ? {} : { inReplyTo: `<${mail.inReplyTo}>`, references: mail.references.map((id) => `<${id}>`).join(' ') }),
    ...(mail.dateMs === null ? {} : { date: new Date(mail.dateMs) }), headers: Object.fromEntries(Object.entries(mail.headers).map(([name, value]) => [headerName(name), value])),
    baseBoundary: createHash('sha256').update(mail.messageId).digest('hex').slice(0, 24), xMailer: false,
    attachments: mail.attachments.map((file) => ({ filename: file.name, contentType: file.contentType, content: Buffer.from(file.content) })),
  });
  return info.message as Buffer;
}

const headerName = (name: string): string => name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());

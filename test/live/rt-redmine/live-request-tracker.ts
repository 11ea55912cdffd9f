import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { freePort } from '../../../scripts/embedded-postgres.mjs';
import { Daemon, DEBIAN, hand, must, runAs } from './live-system.js';

/** A queue that takes mail of anybody, a user for Parley with the rights that the page says, an agent, the custom field; prints the tokens of both users. */
const BOOT = `use strict; use lib '/usr/share/request-tracker5/lib'; use RT; RT::LoadConfig(); RT::Init();
my $su = RT->SystemUser; my $q = RT::Queue->new($su); $q->Load('General');
my $cf = RT::CustomField->new($su); $cf->Create(Name => 'ParleyRef', Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket'); $cf->AddToObject($q);
my $all = RT::Group->new($su); $all->LoadSystemInternalGroup('Everyone'); $all->PrincipalObj->GrantRight(Right => $_, Object => $q) for qw(CreateTicket ReplyToTicket);
for my $name ('parley', 'vera') {
  my $u = RT::User->new($su); $u->Create(Name => $name, EmailAddress => "$name\\@rt.test", Privileged => 1, Timezone => 'UTC');
  $u->PrincipalObj->GrantRight(Right => $_, Object => $q) for qw(SeeQueue ShowTicket ShowTicketComments CreateTicket ReplyToTicket CommentOnTicket ModifyTicket SeeCustomField ModifyCustomField);
  my (undef, undef, $token) = RT::AuthToken->new($su)->Create(Owner => $u->id, Description => $name); print "$token\\n";
}
`;

const siteOf = (folder: string, port: number): string => `Set($rtname, 'rt.test'); Set($Organization, 'rt.test'); Set($CorrespondAddress, 'rt@rt.test'); Set($CommentAddress, 'rt-comment@rt.test');
Set($RTAddressRegexp, '^rt(-comment)?\\@rt\\.test$'); Set($WebDomain, '127.0.0.1'); Set($WebPort, ${port}); Set($WebPath, ''); Set($Timezone, 'Europe/Helsinki');
Set($DatabaseType, 'SQLite'); Set($DatabaseName, '${folder}/rtdb'); Set($LogToSyslog, undef); Set($LogToSTDERR, 'error'); Set($SendmailPath, '${folder}/sendmail'); 1;
`;

/** What RT hands its mails to: the server at a port of this machine, or nobody. */
const sendmail = (port: number | undefined): string => (port === undefined ? '#!/bin/sh\ncat >/dev/null\n' : `#!/usr/bin/perl
use strict; use Net::SMTP; my $mail = join '', <STDIN>; my ($head) = split /\\r?\\n\\r?\\n/, $mail, 2; $head =~ s/\\r?\\n[ \\t]+/ /g;
my %to = map { lc, 1 } map { /([^\\s<>,"]+\\@[^\\s<>,"]+)/g } $head =~ /^(?:To|Cc|Bcc):(.*)$/gim; exit 0 unless %to; $mail =~ s/\\r?\\n/\\r\\n/g;
my $smtp = Net::SMTP->new('127.0.0.1', Port => ${port}) or exit 75; $smtp->mail('rt@rt.test') && $smtp->to(keys %to) && $smtp->data($mail) or exit 75; $smtp->quit;
`);

/** A text of an entry of the history, and whether Parley wrote it. */
export interface RtText { readonly ticket: number; readonly type: string; readonly byParley: boolean; readonly text: string }

/** RT keeps text that is not ASCII as quoted-printable. */
function decoded(text: string, encoding: string): string {
  if (encoding !== 'quoted-printable') return text;
  const bytes = text.replaceAll(/=\r?\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** RT 5 from Debian over SQLite, in a folder of its own. */
export class LiveRequestTracker {
  private constructor(private readonly folder: string, readonly url: string, readonly parleyToken: string, private readonly veraToken: string, readonly daemon: Daemon) {}

  /** `mailPort`: of the SMTP server that gets RT's mails. */
  static async start(parent: string, mailPort?: number): Promise<LiveRequestTracker> {
    const folder = join(parent, 'rt');
    mkdirSync(folder, { mode: 0o755 });
    const port = await freePort();
    copyFileSync(DEBIAN.rtDatabase, join(folder, 'rtdb'));
    writeFileSync(join(folder, 'site.pm'), siteOf(folder, port));
    writeFileSync(join(folder, 'boot.pl'), BOOT);
    writeFileSync(join(folder, 'sendmail'), sendmail(mailPort), { mode: 0o755 });
    hand(folder);
    const environment = { RT_SITE_CONFIG: join(folder, 'site.pm'), RT_SITE_CONFIG_DIR: '/dev/null' };
    const [parley = '', vera = ''] = runAs(environment, ['perl', join(folder, 'boot.pl')]).trim().split('\n');
    const url = `http://127.0.0.1:${port}/REST/2.0`;
    const daemon = new Daemon(environment, [DEBIAN.rtServer, '--host', '127.0.0.1', '--port', String(port), '--max-workers', '2'], async () => (await fetch(`${url}/rt`, { headers: { authorization: `token ${parley}` } })).ok);
    const made = new LiveRequestTracker(folder, url, parley, vera, daemon);
    await daemon.start();
    return made;
  }

  /** As Vera, an agent. Texts of updates are HTML, as the web page writes them. */
  call(method: string, path: string, body: unknown): Promise<unknown> {
    return must(`${this.url}${path}`, { authorization: `token ${this.veraToken}` }, { method, body });
  }

  async create(subject: string, content: string, files: readonly { name: string; content: Buffer }[] = []): Promise<string> {
    const Attachments = files.map((one) => ({ FileName: one.name, FileType: 'application/octet-stream', FileContent: one.content.toString('base64') }));
    const made = (await this.call('POST', '/ticket', { Queue: 'General', Subject: subject, Content: content, ContentType: 'text/plain', Priority: 75, ...(files.length > 0 ? { Attachments } : {}) })) as { id: string };
    return made.id;
  }

  /** RT's own program for mail servers: files a mail as a reply, or as a new ticket. Answers its exit code; 75 asks to try again later. */
  gateway(mail: string): Promise<number | null> {
    const child = spawn('rt-mailgate', ['--queue', 'General', '--action', 'correspond', '--url', new URL(this.url).origin], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.end(mail);
    return new Promise((resolve) => child.once('close', resolve));
  }

  private rows<T>(sql: string): T[] {
    const database = new DatabaseSync(join(this.folder, 'rtdb'), { readOnly: true });
    try {
      return database.prepare(sql).all() as T[];
    } finally {
      database.close();
    }
  }

  tickets(): { id: number; subject: string; status: string; priority: number }[] {
    return this.rows('SELECT id, Subject AS subject, Status AS status, Priority AS priority FROM Tickets ORDER BY id');
  }

  /** Everything that was written into tickets. */
  texts(): RtText[] {
    return this.rows<Omit<RtText, 'byParley'> & { creator: string; encoding: string }>(`SELECT t.ObjectId AS ticket, t.Type AS type, u.Name AS creator, a.Content AS text, a.ContentEncoding AS encoding FROM Transactions t JOIN Users u ON u.id = t.Creator JOIN Attachments a ON a.TransactionId = t.id
      WHERE t.ObjectType = 'RT::Ticket' AND t.Type IN ('Create', 'Correspond', 'Comment') AND coalesce(a.Filename, '') = '' AND a.ContentType LIKE 'text/%' ORDER BY a.id`).map(({ creator, encoding, text, ...row }) => ({ ...row, text: decoded(text, encoding), byParley: creator === 'parley' }));
  }

  /** Files that Parley brought, and in which base64 RT keeps them. */
  files(): { ticket: number; name: string; content: string }[] {
    return this.rows(`SELECT t.ObjectId AS ticket, a.Filename AS name, a.Content AS content FROM Transactions t JOIN Users u ON u.id = t.Creator JOIN Attachments a ON a.TransactionId = t.id WHERE u.Name = 'parley' AND a.Filename <> '' ORDER BY a.id`);
  }

  attachmentNames(): string[] {
    return this.rows<{ name: string }>("SELECT Filename AS name FROM Attachments WHERE Filename <> '' ORDER BY id").map(({ name }) => name);
  }
}

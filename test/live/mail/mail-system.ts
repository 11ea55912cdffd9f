import { execFile, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../scripts/embedded-postgres.mjs';
import { eventually } from '../../support/eventually.js';
import { liveFolder, noteDaemon } from '../live-folder.js';

const run = promisify(execFile);
/** A daemon keeps the pipes of whoever starts it: it gets none. */
const start = (program: string, ...words: readonly string[]): void => {
  const { status } = spawnSync(program, words, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${status}`);
};

const SERVICES = ['smtp', 'submission', 'imap', 'imaps', 'pop3', 'lmtp', 'sasl'] as const;
/** Ports on loopback that nobody had. */
export type MailPorts = Readonly<Record<(typeof SERVICES)[number], number>>;
const USERS = ['broker', 'pop', 'anna', 'away'] as const;

/**
 * Postfix, Dovecot and a Sieve vacation on this machine, in a folder of their own: nothing listens outside loopback, and no mail can leave.
 * The domain is itsm.test; every user's password is `<name>-pw`. Mail to inlet.test goes to Parley's own inlet.
 */
export class MailSystem {
  private constructor(readonly folder: string, readonly ports: MailPorts) {}

  get certificate(): string { return readFileSync(join(this.folder, 'cert.pem'), 'utf8'); }

  static async start(inletPort: number): Promise<MailSystem> {
    const ports: [string, number][] = [];
    for (const service of SERVICES) ports.push([service, await freePort()]);
    const folder = liveFolder('mail');
    const system = new MailSystem(folder, Object.fromEntries(ports) as MailPorts);
    await system.prepare();
    system.writeDovecot();
    await system.writePostfix(inletPort);
    try {
      await system.startBoth();
    } catch (error) {
      await system.stop();
      throw error;
    }
    return system;
  }

  private async startBoth(): Promise<void> {
    const { folder } = this;
    start('dovecot', '-c', join(folder, 'dovecot.conf'));
    await this.noteMaster('dovecot', 'dovecot/master.pid');
    start('postfix', '-c', join(folder, 'postfix'), 'start');
    await this.noteMaster('postfix', 'pfq/pid/master.pid');
  }

  /** Each writes its id only after the program that started it has ended. */
  private async noteMaster(name: string, file: string): Promise<void> {
    await eventually(() => {
      const pid = Number(readFileSync(join(this.folder, file), 'utf8'));
      if (!(pid > 0)) throw new Error(`${name} has not written its id yet`);
      noteDaemon(name, pid);
    });
  }

  async stop(): Promise<void> {
    await run('postfix', ['-c', join(this.folder, 'postfix'), 'stop']).catch(() => undefined); // it may never have started
    await run('doveadm', ['-c', join(this.folder, 'dovecot.conf'), 'stop']).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The mails of a user's inbox as files, whoever has read them. */
  mailsOf(user: string): string[] {
    const read = (part: string): string[] => {
      const folder = join(this.folder, 'mail', user, part);
      try {
        return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
      } catch {
        return []; // nobody has written to it yet
      }
    };
    return [...read('new'), ...read('cur')];
  }

  private async prepare(): Promise<void> {
    const { folder } = this;
    if (spawnSync('id', ['vmail']).status !== 0) await run('adduser', ['--system', '--group', '--no-create-home', 'vmail']);
    for (const name of ['postfix', 'pfq', 'pfdata', 'dovecot', 'mail', 'sieve']) mkdirSync(join(folder, name));
    await run('chown', ['postfix', join(folder, 'pfdata')]);
    await run('chown', ['vmail:vmail', join(folder, 'mail'), join(folder, 'sieve')]);
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]);
    writeFileSync(join(folder, 'users'), USERS.map((user) => `${user}@itsm.test:{PLAIN}${user}-pw\n`).join(''));
    writeFileSync(join(folder, 'sieve', 'away.sieve'), 'require ["vacation","vacation-seconds"];\nvacation :seconds 0 :subject "Out of office" :addresses ["away@itsm.test"] "Back on Monday.";\n');
  }

  private writeDovecot(): void {
    const { folder, ports } = this;
    const listener = (name: string, port: number): string => `inet_listener ${name} {\n port = ${port}\n}\n`;
    writeFileSync(join(folder, 'dovecot.conf'), [
      `base_dir = ${folder}/dovecot`, `state_dir = ${folder}/dovecot`, `log_path = ${folder}/dovecot.log`, 'protocols = imap pop3 lmtp', 'listen = 127.0.0.1', 'first_valid_uid = 100', 'recipient_delimiter = +', `submission_host = 127.0.0.1:${ports.smtp}`,
      'ssl = yes', `ssl_cert = <${folder}/cert.pem`, `ssl_key = <${folder}/key.pem`, 'disable_plaintext_auth = no', 'auth_mechanisms = plain login', `mail_location = maildir:${folder}/mail/%n`, 'postmaster_address = postmaster@itsm.test',
      `passdb {\n driver = passwd-file\n args = username_format=%u ${folder}/users\n}`, `userdb {\n driver = static\n args = uid=vmail gid=vmail home=${folder}/mail/%n\n}`, 'namespace inbox {\n inbox = yes\n}',
      `service imap-login {\n${listener('imap', ports.imap)}${listener('imaps', ports.imaps)}}`, `service pop3-login {\n${listener('pop3', ports.pop3)}${listener('pop3s', 0)}}`, `service lmtp {\n${listener('lmtp', ports.lmtp)}}`, `service auth {\n${listener('', ports.sasl)}}`,
      // A vacation that answers from a real address instead of the empty one: the harder case for a loop.
      'protocol lmtp {\n mail_plugins = sieve\n}', `plugin {\n sieve = file:${folder}/sieve/%n.sieve\n sieve_extensions = +vacation-seconds\n sieve_vacation_min_period = 0\n sieve_vacation_send_from_recipient = yes\n}`, '',
    ].join('\n'));
  }

  private async writePostfix(inletPort: number): Promise<void> {
    const { folder, ports } = this;
    const postfix = join(folder, 'postfix');
    const map = (name: string): string => `texthash:${postfix}/${name}`;
    writeFileSync(join(postfix, 'main.cf'), [
      'compatibility_level = 3.6', `queue_directory = ${folder}/pfq`, `data_directory = ${folder}/pfdata`, `maillog_file = ${folder}/postfix.log`, `maillog_file_prefixes = ${folder}`, 'inet_interfaces = 127.0.0.1', 'inet_protocols = ipv4', 'mynetworks = 127.0.0.0/8',
      'myhostname = mx.itsm.test', 'myorigin = itsm.test', 'mydestination =', 'alias_maps =', 'alias_database =', 'recipient_delimiter = +', 'local_transport = error:5.1.1 no local users', 'default_transport = error:5.4.4 no route outside the test network',
      'relay_domains = inlet.test dead.test', `transport_maps = ${map('transport')}`, 'virtual_mailbox_domains = itsm.test', `virtual_mailbox_maps = ${map('mailboxes')}`, `virtual_transport = lmtp:inet:127.0.0.1:${ports.lmtp}`, 'smtpd_sasl_type = dovecot', `smtpd_sasl_path = inet:127.0.0.1:${ports.sasl}`,
      `smtpd_tls_cert_file = ${folder}/cert.pem`, `smtpd_tls_key_file = ${folder}/key.pem`, 'smtpd_recipient_restrictions = permit_mynetworks, reject', 'minimal_backoff_time = 5s', 'maximal_backoff_time = 10s', 'queue_run_delay = 5s', '',
    ].join('\n'));
    writeFileSync(join(postfix, 'mailboxes'), [...USERS, 'postmaster', 'full'].map((user) => `${user}@itsm.test 1\n`).join(''));
    writeFileSync(join(postfix, 'transport'), `dead.test lmtp:inet:127.0.0.1:${ports.lmtp}\ninlet.test smtp:[127.0.0.1]:${inletPort}\n`);
    writeFileSync(join(postfix, 'master.cf'), readFileSync('/usr/share/postfix/master.cf.dist'));
    await run('postconf', ['-c', postfix, '-MX', 'smtp/inet']);
    await run('postconf', ['-c', postfix, '-F', '*/*/chroot = n']);
    appendFileSync(join(postfix, 'master.cf'), [
      `127.0.0.1:${ports.smtp} inet n - n - - smtpd -o smtpd_tls_security_level=none`,
      `127.0.0.1:${ports.submission} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject`, '',
    ].join('\n'));
  }
}

/** What the machine lacks for this, in words; null where it has everything. */
export function whatIsMissing(): string | null {
  const missing = ['postfix', 'dovecot', 'doveadm', 'postconf', 'openssl', 'adduser'].filter((name) => spawnSync('which', [name]).status !== 0);
  if (process.getuid?.() !== 0) return 'Postfix and Dovecot are started as root, and this is not root';
  return missing.length === 0 ? null : `this machine has no ${missing.join(', ')}`;
}

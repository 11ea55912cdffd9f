import { choice, flag, optionalText, optionalUrl, text, wholeNumber, type Variable } from './variable.js';

/** Keys of repeats are kept a week, and partitions are weeks. */
const LEAST_RETENTION_DAYS = 14;

/** Every variable that Parley reads; the table in the README is made from this list. */
export const VARIABLES = {
  port: wholeNumber({ name: 'PORT', description: 'Port of the console, the API and the inbound addresses.' }, 8080, 0, 65_535),
  host: text({ name: 'HOST', description: 'Address to listen on.' }, '0.0.0.0'),
  dataDir: text({ name: 'PARLEY_DATA_DIR', description: 'Folder of the embedded stores and of the generated key.' }, '.data'),
  databaseUrl: optionalUrl({ name: 'DATABASE_URL', description: 'PostgreSQL 15 or newer; empty: the embedded one.', secret: true }, ['postgres', 'postgresql']),
  redisUrl: optionalUrl({ name: 'REDIS_URL', description: 'Redis for wake-ups; empty: they go through PostgreSQL.', secret: true }, ['redis', 'rediss']),
  role: choice({ name: 'PARLEY_ROLE', description: 'What this process does: `web`, `worker` or `all`.' }, 'all', ['all', 'web', 'worker']),
  publicUrl: optionalUrl({ name: 'PARLEY_PUBLIC_URL', description: 'Address under which others reach this instance, as shown in inbound addresses.' }, ['http', 'https']),
  adminEmail: text({ name: 'PARLEY_ADMIN_EMAIL', description: 'E-mail address of the first administrator.' }, 'admin@parley.local'),
  adminPassword: optionalText({ name: 'PARLEY_ADMIN_PASSWORD', description: 'Password of the first administrator, 12 characters or more; empty: generated and printed once.', secret: true }),
  bootstrapApiKey: optionalText({ name: 'PARLEY_BOOTSTRAP_API_KEY', description: 'API key with all rights, 32 characters or more, made at the first start.', secret: true }),
  demo: flag({ name: 'PARLEY_DEMO', description: 'Loads two sandbox tools and the rules that join them, when the database is empty.', defaultText: 'true with `npm start`, false in the image' }),
  encryptionKey: optionalText({ name: 'PARLEY_ENCRYPTION_KEY', description: '32 bytes in base64 that encrypt stored secrets; several instances must be given the same.', secret: true, defaultText: 'generated into the data folder' }),
  encryptionKeyFile: optionalText({ name: 'PARLEY_ENCRYPTION_KEY_FILE', description: 'File that holds PARLEY_ENCRYPTION_KEY.' }),
  maxBody: wholeNumber({ name: 'PARLEY_MAX_BODY', description: 'Largest inbound body, in bytes.' }, 8_388_608, 1_024, 268_435_456),
  trustProxy: optionalText({ name: 'PARLEY_TRUST_PROXY', description: 'Addresses or networks (comma) of reverse proxies whose X-Forwarded-For is believed.' }),
  inletPort: wholeNumber({ name: 'PARLEY_INLET_PORT', description: 'Port on which mail is taken over SMTP for endpoints of kind `mail`; 0: none is.' }, 0, 0, 65_535),
  inletHost: text({ name: 'PARLEY_INLET_HOST', description: 'Address to take mail on.' }, '127.0.0.1'),
  inletProtocol: choice({ name: 'PARLEY_INLET_PROTOCOL', description: 'What is spoken there: `smtp` or `lmtp`.' }, 'smtp', ['smtp', 'lmtp']),
  inletMaxSize: wholeNumber({ name: 'PARLEY_INLET_MAX_SIZE', description: 'Largest mail that is taken, in bytes.' }, 26_214_400, 10_240, 104_857_600),
  inletCertificateFile: optionalText({ name: 'PARLEY_INLET_CERTIFICATE_FILE', description: 'PEM file with the certificate of the mail inlet; with it STARTTLS is offered.' }),
  inletKeyFile: optionalText({ name: 'PARLEY_INLET_KEY_FILE', description: 'PEM file with its key.' }),
  egressPrivate: choice({ name: 'PARLEY_EGRESS_PRIVATE', description: 'Whether endpoints may have private and loopback addresses: `allow` or `deny`.' }, 'allow', ['allow', 'deny']),
  httpProxy: optionalUrl({ name: 'PARLEY_HTTP_PROXY', description: 'Proxy that calls to other systems go through, as `http://user:password@proxy:3128` (or `https://…`); endpoints may name another, or none.', secret: true }, ['http', 'https']),
  noProxy: optionalText({ name: 'PARLEY_NO_PROXY', description: 'What is called without it (comma): names, `*.example.com` for all below one, addresses, networks. Loopback addresses always are.' }),
  smtpUrl: optionalUrl({ name: 'PARLEY_SMTP_URL', description: 'Mail server for alerts by e-mail, as `smtp://user:password@host:587` or `smtps://…`.', secret: true }, ['smtp', 'smtps']),
  mailFrom: text({ name: 'PARLEY_MAIL_FROM', description: 'Sender of these mails.' }, 'parley@localhost'),
  otlpUrl: optionalUrl({ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', description: 'OpenTelemetry collector that traces of messages go to, by OTLP over HTTP, as `http://collector:4318`; empty: none.' }, ['http', 'https']),
  tracePercent: wholeNumber({ name: 'PARLEY_TRACE_PERCENT', description: 'How many of 100 messages are traced.' }, 100, 0, 100),
  retentionDays: wholeNumber({ name: 'PARLEY_RETENTION_DAYS', description: 'Days that messages, requests, deliveries and attempts are kept, in whole weeks; 14 or more, 0: for ever. What is open stays.' }, 90, 0, 36_500),
  retentionDeadDays: wholeNumber({ name: 'PARLEY_RETENTION_DEAD_DAYS', description: 'Days after which a dead delivery that nobody retried or skipped goes too; 0: never.' }, 365, 0, 36_500),
  retentionAuditDays: wholeNumber({ name: 'PARLEY_RETENTION_AUDIT_DAYS', description: 'Days that entries of the audit log are kept; 0: for ever.' }, 1_095, 0, 36_500),
  retentionUnmappedDays: wholeNumber({ name: 'PARLEY_RETENTION_UNMAPPED_DAYS', description: 'Days that a value for which a table of a rule had no row is shown after it came last; 0: until there is a row for it.' }, 30, 0, 36_500),
  logLevel: choice({ name: 'PARLEY_LOG_LEVEL', description: 'Least severe log lines to write.' }, 'info', ['debug', 'info', 'warn', 'error']),
  serverUrl: optionalUrl({ name: 'PARLEY_URL', description: 'Of the commands `export`, `plan`, `apply`: the Parley to talk to.', defaultText: 'http://127.0.0.1:8080' }, ['http', 'https']),
  apiKey: optionalText({ name: 'PARLEY_API_KEY', description: 'Of the same commands: an API key of that Parley.', secret: true }),
  failpoint: optionalText({ name: 'PARLEY_FAILPOINT', description: 'For tests: `<name>:<kill|throw|hang|crash|stop>[:nth|:@subject]`.' }),
} as const satisfies Record<string, Variable<unknown>>;

type Read = { -readonly [K in keyof typeof VARIABLES]: (typeof VARIABLES)[K] extends Variable<infer T> ? T : never };

/** Everything that is set from outside, checked once at start and never changed. */
export type Settings = Readonly<Read>;

/** Nest token of the settings object. */
export const SETTINGS = Symbol('settings');

/** Reads all variables; an empty one counts as not set. All problems come back at once, one sentence each. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): { readonly settings: Settings } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const read: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries(VARIABLES)) {
    const outcome = variable.read(environment[variable.name] || undefined);
    if ('problem' in outcome) problems.push(outcome.problem);
    else read[key] = outcome.value;
  }
  const settings = read as unknown as Settings;
  if (settings.adminPassword !== undefined && settings.adminPassword.length < 12) problems.push('PARLEY_ADMIN_PASSWORD must have 12 characters or more');
  if (settings.bootstrapApiKey !== undefined && settings.bootstrapApiKey.length < 32) problems.push('PARLEY_BOOTSTRAP_API_KEY must have 32 characters or more');
  if (settings.retentionDays > 0 && settings.retentionDays < LEAST_RETENTION_DAYS) problems.push(`PARLEY_RETENTION_DAYS must be 0 or ${LEAST_RETENTION_DAYS} or more`);
  return problems.length > 0 ? { problems } : { settings: Object.freeze(settings) };
}

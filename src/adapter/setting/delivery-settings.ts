import { rateOver, type RateSettings } from '../../core/delivery/token-bucket.js';
import type { CallLimits, JsonSchema } from '../contract.js';
import { ADMISSION_SCHEMA, MAX_REQUEST_SCHEMA } from './admission-settings.js';
import { ALLOWED_HOSTS_SCHEMA, allowedHosts, PROXY_SCHEMA, proxyOf, TLS_SCHEMA, type ProxySetting, type TlsSettings } from './connection-settings.js';

/** How Parley treats an endpoint that it sends to; the same for every kind. Times in milliseconds, sizes in bytes. */
export interface DeliverySettings {
  /** Most requests under way at once. */
  readonly slots: number;
  readonly rate: RateSettings | null;
  readonly limits: CallLimits;
  readonly retry: { readonly firstMs: number; readonly factor: number; readonly mostMs: number; readonly giveUpAfterMs: number };
  readonly circuit: { readonly outcomes: number; readonly windowMs: number; readonly openMs: number; readonly mostOpenMs: number };
  /** What to do with a create of unknown outcome that can neither be looked up nor sent again with its key. */
  readonly onUnknown: 'hold' | 'resend';
  /** Whether a lane goes on behind an update that died. */
  readonly onDeadUpdate: 'continue' | 'hold';
  readonly tls: TlsSettings;
  /** The proxy to call through; the installation's where absent. */
  readonly proxy?: ProxySetting;
  /** Hosts that may be called; any where absent. */
  readonly hosts?: readonly string[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const DELIVERY_DEFAULTS: DeliverySettings = {
  slots: 8,
  rate: null,
  limits: { connectMs: 5_000, headersMs: 30_000, totalMs: 60_000, maxAnswerBytes: 1_048_576 },
  retry: { firstMs: 1_000, factor: 2, mostMs: 900_000, giveUpAfterMs: 5 * DAY_MS },
  circuit: { outcomes: 10, windowMs: 30_000, openMs: 15_000, mostOpenMs: 300_000 },
  onUnknown: 'hold',
  onDeadUpdate: 'continue',
  tls: {},
};

const whole = (label: string, help: string, [minimum, maximum]: readonly [number, number], fallback?: number): JsonSchema =>
  ({ type: 'integer', minimum, maximum, ...(fallback === undefined ? {} : { default: fallback }), 'x-label': label, 'x-help': help });
const group = (label: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema =>
  ({ type: 'object', additionalProperties: false, 'x-label': label, properties });

const { limits, retry, circuit } = DELIVERY_DEFAULTS;

/** Properties of an endpoint's `settings` that every sending kind has; a kind spreads them into its own schema. */
export const DELIVERY_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  slots: whole('Parallel requests', 'Most requests to this system at once.', [1, 64], DELIVERY_DEFAULTS.slots),
  rate: {
    type: 'object', additionalProperties: false, 'x-label': 'Rate limit', 'x-help': 'One or several that hold together.',
    anyOf: [{ required: ['perSecond'] }, { required: ['perMinute'] }, { required: ['perHour'] }],
    properties: {
      perSecond: { type: 'number', exclusiveMinimum: 0, maximum: 100_000, 'x-label': 'Requests per second', 'x-help': 'May be a fraction: 0.5 is one in two seconds.' },
      burst: { type: 'integer', minimum: 1, maximum: 100_000, 'x-label': 'Burst', 'x-help': 'Requests that may be sent at once after a pause, where there is a limit per second.' },
      perMinute: whole('Requests per minute', 'At most within any minute; a tenth of them may be sent at once.', [1, 1_000_000]),
      perHour: whole('Requests per hour', 'At most within any hour; a tenth of them may be sent at once.', [1, 10_000_000]),
    },
  },
  timeouts: group('Time limits', {
    connectMs: whole('Connect', 'Milliseconds until a connection must stand.', [100, 60_000], limits.connectMs),
    headersMs: whole('First answer', 'Milliseconds from the request to the headers of the answer.', [100, 600_000], limits.headersMs),
    totalMs: whole('Whole call', 'Milliseconds from the call to the end of the answer.', [100, 600_000], limits.totalMs),
  }),
  maxAnswerBytes: whole('Largest answer', 'Bytes of an answer that are read at most.', [1_024, 16_777_216], limits.maxAnswerBytes),
  retry: group('Retries', {
    firstMs: whole('First pause', 'Milliseconds before the second attempt, at most: the pause is random below this.', [10, 3_600_000], retry.firstMs),
    factor: { type: 'number', minimum: 1, maximum: 10, default: retry.factor, 'x-label': 'Factor', 'x-help': 'By which the pause grows.' },
    mostMs: whole('Longest pause', 'Milliseconds between two attempts at most.', [10, 86_400_000], retry.mostMs),
    giveUpAfterMs: whole('Give up after', 'Milliseconds after which a delivery is dead.', [1_000, 30 * DAY_MS], retry.giveUpAfterMs),
  }),
  circuit: group('Circuit breaker', {
    outcomes: whole('Outcomes', 'Least number of outcomes in the window before it may open.', [1, 10_000], circuit.outcomes),
    windowMs: whole('Window', 'Milliseconds that are looked back.', [1_000, 600_000], circuit.windowMs),
    openMs: whole('First pause', 'Milliseconds that it stays open at first; doubles.', [100, 600_000], circuit.openMs),
    mostOpenMs: whole('Longest pause', 'Milliseconds that it stays open at most.', [100, 3_600_000], circuit.mostOpenMs),
  }),
  onUnknown: {
    type: 'string', enum: ['hold', 'resend'], default: DELIVERY_DEFAULTS.onUnknown, 'x-label': 'Unknown outcome',
    'x-help': 'What happens when nobody can say whether the target did it, and it can neither be looked up nor sent again safely.',
  },
  onDeadUpdate: {
    type: 'string', enum: ['continue', 'hold'], default: DELIVERY_DEFAULTS.onDeadUpdate, 'x-label': 'Dead update',
    'x-help': 'Whether what comes after an update that could not be sent goes on, or waits until somebody acts. Behind a create it always waits.',
  },
  tls: TLS_SCHEMA,
  proxy: PROXY_SCHEMA,
  allowedHosts: ALLOWED_HOSTS_SCHEMA,
  admission: ADMISSION_SCHEMA,
  maxRequestBytes: MAX_REQUEST_SCHEMA,
  inboundFilter: {
    type: 'string', maxLength: 8_192, format: 'inbound-filter', 'x-label': 'Inbound filter',
    'x-help': 'Only messages that pass are routed: conditions with =, != or IN (a, b), joined by commas; ${param:x} reads the inbound address\'s query.',
  },
  echoByValue: { type: 'boolean', default: true, 'x-label': 'Recognise echoes by value', 'x-help': 'A message that only brings back what we have just sent is not routed.' },
  integrationUser: {
    'x-label': 'Integration user', 'x-help': 'Sender id (or several) under which Parley works in this system: what it sends is recognised as an echo.',
    anyOf: [{ type: 'string', minLength: 1 }, { type: 'array', items: { type: 'string', minLength: 1 }, maxItems: 20 }],
  },
};

type Given = Readonly<Record<string, unknown>>;
const part = (settings: Given, name: string): Given => (settings[name] as Given | undefined) ?? {};

/** Reads what a kind's settings (already checked against its schema) say of delivering; the defaults for the rest. */
export function deliverySettings(settings: Given): DeliverySettings {
  return {
    slots: (settings['slots'] as number | undefined) ?? DELIVERY_DEFAULTS.slots,
    rate: rateOf((settings['rate'] as GivenRate | undefined) ?? {}),
    limits: { ...limits, ...part(settings, 'timeouts'), ...(settings['maxAnswerBytes'] === undefined ? {} : { maxAnswerBytes: settings['maxAnswerBytes'] as number }) },
    retry: { ...retry, ...part(settings, 'retry') },
    circuit: { ...circuit, ...part(settings, 'circuit') },
    onUnknown: (settings['onUnknown'] as 'hold' | 'resend' | undefined) ?? DELIVERY_DEFAULTS.onUnknown,
    onDeadUpdate: (settings['onDeadUpdate'] as 'continue' | 'hold' | undefined) ?? DELIVERY_DEFAULTS.onDeadUpdate,
    tls: part(settings, 'tls'),
    ...proxyOf(settings),
    ...allowedHosts(settings),
  };
}

interface GivenRate {
  readonly perSecond?: number;
  readonly burst?: number;
  readonly perMinute?: number;
  readonly perHour?: number;
}

function rateOf({ perSecond, burst, perMinute, perHour }: GivenRate): RateSettings | null {
  const [first, ...longer] = [
    ...(perSecond === undefined ? [] : [{ perSecond, burst: burst ?? Math.max(1, Math.ceil(perSecond)) }]),
    ...(perMinute === undefined ? [] : [rateOver(perMinute, MINUTE_MS)]), ...(perHour === undefined ? [] : [rateOver(perHour, 60 * MINUTE_MS)]),
  ];
  return first === undefined ? null : { ...first, ...(longer.length === 0 ? {} : { longer }) };
}

/** Sender ids under which Parley itself works in a connected system. */
export function integrationUsers(settings: Given): readonly string[] {
  const given = settings['integrationUser'];
  return given === undefined ? [] : Array.isArray(given) ? (given as string[]) : [given as string];
}

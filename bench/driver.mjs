// The tools on both sides, in a process of their own: a source that posts tickets and targets that take them. It keeps what
// it sent and what arrived in flat arrays, so that it costs little beside what it measures. Driven by messages of its parent.
import { createServer } from 'node:http';
import { Pool } from 'undici';
import { bodyTemplate, DIGITS, NUMBER_MARK } from './job.mjs';

const CAPACITY = 3_000_000;
const SETTLE_STEP_MS = 20;
const AFTER_REFUSAL_MS = 100;

const sentAt = new Float64Array(CAPACITY);
const arrivedAt = new Float64Array(CAPACITY);
const targetOf = new Uint8Array(CAPACITY);
const ticketOf = new Int32Array(CAPACITY);
/** By ticket: number of the last message that arrived, and creates. */
const lastOf = new Int32Array(CAPACITY).fill(-1);
const createsOf = new Uint8Array(CAPACITY);
const totals = { sent: 0, tickets: 0, accepted: 0, refused: 0, arrived: 0, duplicates: 0, orderBreaks: 0, doubleCreates: 0, perTarget: [] };

const targets = [];
const loads = new Map();

const numberOf = (body, at) => {
  let number = 0;
  for (let i = at; i < at + DIGITS; i++) number = number * 10 + body[i] - 48;
  return number;
};

function writeDigits(body, at, number, digits) {
  let rest = number;
  for (let i = at + digits - 1; i >= at; i--) {
    body[i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** What a target does with a message: counts it, checks its place, answers with the ticket's id. */
function arrived(target, request, body) {
  const number = numberOf(body, body.indexOf(NUMBER_MARK) + NUMBER_MARK.length);
  const ticket = ticketOf[number];
  const isCreate = request.method === 'POST';
  if (arrivedAt[number] > 0) totals.duplicates++;
  else {
    arrivedAt[number] = performance.now();
    targetOf[number] = target;
    totals.arrived++;
    totals.perTarget[target]++;
    if (number < lastOf[ticket]) totals.orderBreaks++;
    lastOf[ticket] = number;
  }
  if (isCreate && ++createsOf[ticket] > 1) totals.doubleCreates++;
  return { status: isCreate ? 201 : 200, answer: `{"id":"X-${ticket}","status":"open"}` };
}

function openTarget(target, port) {
  const server = createServer((request, response) => {
    let body = null;
    request.on('data', (chunk) => { body = body === null ? chunk : Buffer.concat([body, chunk]); });
    request.on('end', () => {
      const { status, answer } = arrived(target, request, body);
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    });
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server)));
}

/** Takes the answer of one post. */
class Posted {
  constructor(done) {
    this.done = done;
    this.status = 0;
  }

  onRequestStart() {}

  onResponseStart(_controller, status) {
    this.status = status;
  }

  onResponseData() {}

  onResponseEnd() {
    if (this.status === 202) {
      totals.accepted++;
    } else {
      totals.refused++;
    }
    this.done(this.status === 202);
  }

  onResponseError() {
    totals.refused++;
    this.done(false);
  }
}

/**
 * A load: `connections` post one after the other, or, where `rate` is given, so many per second begin whatever the answers.
 * Each has `open` tickets that take turns; a ticket's next message is posted when its last one was accepted.
 */
class Load {
  constructor({ url, path, authorization, connections, perTicket = 1, open = 1, groups, most = Number.POSITIVE_INFINITY, rate = null }) {
    Object.assign(this, { path, perTicket, groups, most, rate, stopped: false, underWay: 0, begun: 0 });
    this.pool = new Pool(url, { connections, pipelining: 1 });
    this.headers = { authorization, 'content-type': 'application/json' };
    this.ended = new Promise((resolve) => { this.end = resolve; });
    const lanes = Array.from({ length: connections }, () => ({ ...bodyTemplate(), turn: 0, tickets: Array.from({ length: open }, () => ({ number: 0, left: 0 })) }));
    if (rate === null) for (const lane of lanes) this.next(lane);
    else this.keepTime(lanes);
  }

  next(lane) {
    if (this.stopped || this.begun >= this.most) {
      if (this.underWay === 0) this.end();
      return;
    }
    this.post(lane, (isAccepted) => {
      if (isAccepted) this.next(lane);
      else setTimeout(() => this.next(lane), AFTER_REFUSAL_MS);
    });
  }

  /** Posts that are due since the last look; a lane that still waits is passed over, so that order within a ticket holds. */
  keepTime(lanes) {
    const free = [...lanes];
    const beganAt = performance.now();
    this.timer = setInterval(() => {
      const due = Math.min(this.most, ((performance.now() - beganAt) * this.rate) / 1_000);
      while (this.begun < due && free.length > 0) {
        const lane = free.shift();
        this.post(lane, () => {
          free.push(lane);
          if (this.stopped && this.underWay === 0) this.end();
        });
      }
      if (this.begun >= this.most) void this.stop();
    }, 2);
  }

  post(lane, done) {
    const number = totals.sent++;
    this.begun++;
    this.underWay++;
    const ticket = lane.tickets[lane.turn++ % lane.tickets.length];
    if (ticket.left === 0) {
      ticket.number = totals.tickets++;
      ticket.left = this.perTicket;
    }
    ticket.left--;
    writeDigits(lane.body, lane.ticketAt, ticket.number, DIGITS);
    writeDigits(lane.body, lane.groupAt, this.groups[ticket.number % this.groups.length], 3);
    writeDigits(lane.body, lane.numberAt, number, DIGITS);
    ticketOf[number] = ticket.number;
    sentAt[number] = performance.now();
    this.pool.dispatch({ path: this.path, method: 'POST', headers: this.headers, body: lane.body }, new Posted((isAccepted) => {
      this.underWay--;
      done(isAccepted);
    }));
  }

  async stop() {
    this.stopped = true;
    clearInterval(this.timer);
    if (this.underWay === 0) this.end();
    await this.ended;
    await this.pool.close();
  }
}

/** Waits until everything that was accepted has arrived, or nothing has for `silenceMs`, or `limitMs` are over. */
async function settle({ limitMs, silenceMs }) {
  const until = performance.now() + limitMs;
  let seen = totals.arrived;
  let seenAt = performance.now();
  while (totals.arrived < totals.accepted && performance.now() < until && performance.now() - seenAt < silenceMs) {
    await new Promise((resolve) => { setTimeout(resolve, SETTLE_STEP_MS); });
    if (totals.arrived !== seen) [seen, seenAt] = [totals.arrived, performance.now()];
  }
  return mark();
}

const mark = () => ({ ...totals, perTarget: [...totals.perTarget], at: performance.now() });

/** Milliseconds from post to arrival of the messages posted between two counts, at one target or all. */
function latency({ from, to, target = null }) {
  const times = [];
  for (let number = from; number < to; number++) {
    if (arrivedAt[number] > 0 && (target === null || targetOf[number] === target)) times.push(arrivedAt[number] - sentAt[number]);
  }
  const sorted = Float64Array.from(times).sort();
  const at = (part) => (sorted.length === 0 ? null : Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1)));
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

/** Posts to its own first target for `ms`: what HTTP alone costs here. Spoils what is counted: for a driver of its own. */
async function rawHttp({ ms, connections }) {
  const body = Buffer.concat([bodyTemplate().body, Buffer.from(`${NUMBER_MARK}${'0'.repeat(DIGITS)}`)]);
  const pool = new Pool(`http://127.0.0.1:${targets[0].address().port}`, { connections, pipelining: 1 });
  const until = performance.now() + ms;
  let done = 0;
  const one = async () => {
    while (performance.now() < until) {
      const { body: answer } = await pool.request({ path: '/issues', method: 'PUT', body });
      await answer.dump();
      done++;
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  await pool.close();
  return done / (ms / 1_000);
}

const COMMANDS = {
  listen: async ({ count }) => {
    for (let target = 0; target < count; target++) {
      targets.push(await openTarget(target, 0));
      totals.perTarget.push(0);
    }
    return targets.map((server) => server.address().port);
  },
  close: async ({ target }) => {
    targets[target].closeAllConnections();
    await new Promise((resolve) => { targets[target].close(resolve); });
  },
  reopen: async ({ target, port }) => { targets[target] = await openTarget(target, port); },
  begin: ({ name, ...options }) => { loads.set(name, new Load(options)); },
  ended: ({ name }) => loads.get(name).ended.then(mark),
  stop: ({ name }) => loads.get(name).stop().then(mark),
  mark, settle, latency, rawHttp,
};

process.on('message', async ({ id, command, options }) => {
  try {
    process.send({ id, answer: (await COMMANDS[command](options ?? {})) ?? null });
  } catch (error) {
    process.send({ id, error: error.stack });
  }
});
process.on('disconnect', () => process.exit(0));

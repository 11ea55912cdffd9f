import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { Database } from '../store/database.js';
import { SandboxStore } from '../store/sandbox/sandbox.store.js';
import type { SandboxRow } from '../store/sandbox/sandbox-row.js';
import { fateOf, hasFaults, readFaults, type Fate } from './faults.js';
import { Refusal } from './refusal.js';

/** A request that ended without an answer: its connection is cut. */
export class Cut extends Error {}

/** Lets a request through as far as the tool's faults allow. Returns whether it is to be cut after it was done. */
export async function passFaults(tool: SandboxRow, database: Database, reply: FastifyReply): Promise<{ readonly cutAfter: boolean }> {
  const faults = readFaults(tool.faults);
  if (!hasFaults(faults)) return { cutAfter: false };
  if (faults.latencyMs > 0) await pause(faults.latencyMs);
  let fate: Fate = fateOf(faults, Math.random);
  if (fate !== 'served' && tool.faultBudget !== null && !(await spend(tool, database))) fate = 'served';
  switch (fate) {
    case 'served': return { cutAfter: false };
    case 'cut-after': return { cutAfter: true };
    case 'down': case 'cut-before': throw new Cut();
    case 'limited':
      void reply.header('retry-after', String(faults.retryAfterSeconds));
      throw new Refusal('RATE_LIMITED', 'Too many requests, the tool says (a fault that was switched on).');
    case 'error':
      throw new Refusal('BROKEN', 'The tool is broken (a fault that was switched on).', [], faults.errorStatus);
  }
}

const spend = (tool: SandboxRow, database: Database): Promise<boolean> =>
  database.inOrganization(tool.organization, (manager) => new SandboxStore(tool.organization, manager).spendFault(tool.name));

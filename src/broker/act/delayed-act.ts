import type { DelayedActStore, DelayedOrder, WaitingExecution } from '../../store/lane/delayed-act.store.js';
import { Problem } from '../../web/index.js';

/** An execution under its conversation's lock. */
export interface ExecutionInHand extends WaitingExecution {
  readonly id: string;
}

/** Takes a delayed execution in hand, in the caller's transaction; a Problem where there is none. */
export async function takeWaiting(store: DelayedActStore, id: string): Promise<ExecutionInHand> {
  const found = await store.lock(id);
  if (found === null) throw Problem.missing(`delayed execution ${id}`);
  return { id, ...found };
}

/** Orders its release or its end, which its conversation carries out in its turn; a Problem where it waits no more. */
export async function orderWaiting(store: DelayedActStore, { id, state, conversation }: ExecutionInHand, order: DelayedOrder, by: string): Promise<void> {
  if (state !== 'WAITING') throw Problem.conflict('not-waiting', `This execution is ${state}.`);
  await store.order(id, conversation, order, by);
}

import { settingsOfProcess } from '../config/environment.js';
import { CommandRefused } from './command.js';

const DEFAULT_URL = 'http://127.0.0.1:8080';
const PATIENCE_MS = 120_000;

interface ProblemAnswer {
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly parameter?: string; readonly detail: string }[];
}

/** Asks the Parley of PARLEY_URL. Refused with what it answered, place by place, where it does not agree. */
export async function askServer(method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const { serverUrl = DEFAULT_URL, apiKey } = settingsOfProcess();
  if (apiKey === undefined) throw new CommandRefused('set PARLEY_API_KEY to an API key of that Parley');
  const url = `${serverUrl.replace(/\/+$/, '')}/api/v1${path}`;
  let answer: Response;
  try {
    answer = await fetch(url, {
      method, signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    const cause = (error as Error).cause;
    throw new CommandRefused(`there is no Parley at ${serverUrl} (${cause instanceof Error ? cause.message : (error as Error).message}); set PARLEY_URL`, { cause: error });
  }
  const text = await answer.text();
  if (!answer.ok) throw new CommandRefused(sentenceOf(answer.status, text));
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CommandRefused(`${url} answered something that is not JSON`, { cause: error });
  }
}

function sentenceOf(status: number, text: string): string {
  let problem: ProblemAnswer;
  try {
    problem = JSON.parse(text) as ProblemAnswer;
  } catch {
    return `the server answered ${status}`;
  }
  const errors = (problem.errors ?? []).map((error) => `\n  ${error.pointer ?? error.parameter ?? ''}: ${error.detail}`);
  return `${problem.detail ?? `the server answered ${status}`}${errors.join('')}`;
}

import { Refusal } from './refusal.js';
import { bytesOf, type ToolRequest } from './sandbox-request.js';

/** The fields of a submitted form. */
export const formOf = (request: ToolRequest): URLSearchParams => new URLSearchParams(bytesOf(request).toString('utf8'));

/** A ticket as the form wrote it: `custom.x` goes into `custom`. */
export function formTicket(form: URLSearchParams): Readonly<Record<string, unknown>> {
  const ticket: Record<string, unknown> = {};
  const custom: Record<string, string> = {};
  for (const [name, value] of form) {
    if (name.startsWith('custom.')) custom[name.slice('custom.'.length)] = value;
    else ticket[name] = value;
  }
  return Object.keys(custom).length > 0 ? { ...ticket, custom } : ticket;
}

/** Only what differs from what the form showed: someone else may have changed the rest since. */
export function formChanges(form: URLSearchParams): Readonly<Record<string, unknown>> {
  const was = shownBefore(form.get('was'));
  form.delete('was');
  for (const [name, value] of [...form]) if (was[name] === value) form.delete(name);
  return formTicket(form);
}

function shownBefore(json: string | null): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json ?? '{}') as Readonly<Record<string, unknown>>;
  } catch {
    throw new Refusal('INVALID', 'The form was changed on its way.');
  }
}

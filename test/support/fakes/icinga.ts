import { json, type FakeTarget } from '../fake-target.js';
import { basic, behaveAs, type Asked } from './fake-system.js';

interface Checkable { readonly isWell: boolean; acknowledged: boolean; readonly comments: string[] }

/** Icinga's actions: a verdict for each object in the body, which the status follows, or does not. */
export class FakeIcinga {
  readonly objects = new Map<string, Checkable>();
  /** Older versions answer 500 where an action failed for an object. */
  isOld = false;
  notified = 0;

  add(name: string, isWell = false): Checkable {
    const made: Checkable = { isWell, acknowledged: false, comments: [] };
    this.objects.set(name, made);
    return made;
  }

  attachTo(target: FakeTarget): void {
    behaveAs(target, [
      ['GET', /^\/v1$/, () => json(200, { results: [{ user: 'parley', permissions: ['actions/add-comment'], version: 'r2.14.0' }] })],
      ['POST', /^\/v1\/actions\/(acknowledge-problem|remove-acknowledgement|add-comment)$/, (asked) => this.act(asked)],
    ], basic('parley', 'secret'));
  }

  private act({ found: [action], body }: Asked): ReturnType<typeof json> {
    const name = String(body['type'] === 'Service' ? body['service'] : body['host']);
    const checkable = this.objects.get(name);
    const answer = (code: number, status: string): ReturnType<typeof json> => json(code < 300 ? 200 : this.isOld ? 500 : code, { results: [{ code, status }] });
    if (checkable === undefined || name.includes('!') !== (body['type'] === 'Service')) return json(404, { error: 404, status: 'No objects found.' });
    if (body['author'] === undefined || (action !== 'remove-acknowledgement' && body['comment'] === undefined)) return answer(400, 'Author and comment are required.');
    if (action === 'remove-acknowledgement') {
      checkable.acknowledged = false;
      return answer(200, `Successfully removed acknowledgement for object '${name}'.`);
    }
    if (action === 'acknowledge-problem') {
      if (checkable.isWell) return answer(409, `Service ${name} is OK.`);
      if (checkable.acknowledged) return answer(409, `Service ${name} is already acknowledged.`);
      checkable.acknowledged = true;
      if (body['notify'] === true) this.notified++;
    }
    checkable.comments.push(`${body['author']}: ${body['comment']}`);
    return answer(200, `Successfully did it for object '${name}'.`);
  }
}

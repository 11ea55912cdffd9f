import type { FakeTarget, SeenRequest } from '../../support/fake-target.js';

/** A server that tells of the requests that changed something, after they were answered. */
export function telling(target: FakeTarget, tell: (request: SeenRequest) => void): FakeTarget {
  const always = target.always.bind(target);
  target.always = (behaviour) => always((request) => {
    const answer = typeof behaviour === 'function' ? behaviour(request) : behaviour;
    if (request.method !== 'GET' && answer.do === 'answer' && answer.status < 300) setImmediate(() => tell(request));
    return answer;
  });
  return target;
}

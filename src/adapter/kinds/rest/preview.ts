import type { ConnectedEndpoint, OutboundDelivery, PreviewedRequest } from '../../contract.js';
import { elementsOf, withItem } from '../../template/body-template.js';
import { holds } from '../../place/query.js';
import { compile } from './compiled.js';
import { carriesInline, keyOf, operationOf, renderFile, renderingOf, renderRead, renderStep } from './render.js';

/**
 * Every request that a delivery would come to, in order, without sending any. What depends on answers is shown as far as it can be:
 * a step whose condition reads another step's answer is told as such.
 */
export function preview(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): readonly PreviewedRequest[] {
  const found = operationOf(delivery, endpoint);
  if (!found.ok) return [{ step: 'main', request: null, note: found.error.message }];
  const { entityType, operation } = found.value;
  const rendering = renderingOf(delivery, compile(endpoint), entityType, { steps: () => ({}), uploaded: () => undefined });
  const shown: PreviewedRequest[] = [];
  const add = (step: string, request: ReturnType<typeof renderStep>, note: string | null): void => {
    shown.push(request.ok ? { step, request: request.value, note } : { step, request: null, note: request.error.message });
  };
  if (entityType.upload !== null) for (const [index, file] of delivery.attachments.entries()) add('upload', renderFile(file, index, entityType.upload, rendering), `file ${file.name}`);
  for (const step of operation.steps) {
    const { when, each } = step.request;
    const key = keyOf(delivery, operation, step);
    const reads = JSON.stringify(step.request).includes('steps.') ? 'reads what earlier steps bring' : null;
    if (when !== undefined && !when.includes('steps.') && !holds(rendering.scope.document(), when)) shown.push({ step: step.id, request: null, note: `left out: ${when} does not hold` });
    else if (each === undefined && step.unchanged !== null) {
      add(step.id, renderRead(rendering, step.unchanged.read, rendering.scope), 'reads the version that the next request goes with');
      add(step.id, renderStep(rendering, step, rendering.scope, key), 'only if it was not changed meanwhile');
    } else if (each === undefined) add(step.id, renderStep(rendering, step, rendering.scope, key), reads);
    else for (const [index, item] of elementsOf(each, rendering.scope).entries()) add(step.id, renderStep(rendering, step, withItem(rendering.scope, item, index), `${key}:${index}`), reads);
  }
  if (!carriesInline(entityType, operation) && entityType.attach !== null) for (const [index, file] of delivery.attachments.entries()) add('attach', renderFile(file, index, entityType.attach, rendering), `file ${file.name}`);
  return shown;
}

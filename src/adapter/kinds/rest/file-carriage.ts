import type { CarriedAttachment, RenderedRequest, SendResult, StepMemory } from '../../contract.js';
import { neverSent } from '../../answer/send-result.js';
import type { CompiledRequest } from './compiled.js';
import { renderFile, type Rendering } from './render.js';
import { callStep, extractedBy, type WayOut } from './step-call.js';

/** Tries of one file before it is given up; the ticket itself is there already. */
const FILE_TRIES = 3;

type Values = Readonly<Record<string, unknown>>;

/** Carries the files of one delivery by requests of their own: ahead of the ticket, or to it. A refused file is left behind and told. */
export class FileCarriage {
  /** Files that did not arrive, each with the reason. */
  readonly lost: string[] = [];
  private readonly uploads = new Map<string, Values>();

  constructor(private readonly way: WayOut, private readonly memory: StepMemory | undefined) {}

  /** What the upload of a file brought. */
  brought(fileId: string): Values | undefined {
    return this.uploads.get(fileId);
  }

  /** Uploads files ahead of the ticket; answers those that were taken, or what keeps the delivery from going on. */
  async upload(upload: CompiledRequest, rendering: Rendering): Promise<{ readonly taken: readonly CarriedAttachment[] } | { readonly failed: SendResult }> {
    const taken: CarriedAttachment[] = [];
    for (const [index, file] of rendering.delivery.attachments.entries()) {
      const failed = await this.uploadOne(upload, file, renderFile(file, index, upload, rendering));
      if (failed !== null) return { failed };
      if (this.uploads.has(file.id)) taken.push(file);
    }
    return { taken };
  }

  private async uploadOne(upload: CompiledRequest, file: CarriedAttachment, request: ReturnType<typeof renderFile>): Promise<SendResult | null> {
    const name = `upload#${file.id}`;
    const before = this.before(name);
    if (before !== undefined) {
      this.uploads.set(file.id, before.values);
      return null;
    }
    const judged = request.ok ? await callStep(this.way, request.value, upload) : null;
    const result = judged?.result ?? neverSent(request.ok ? '' : request.error.message);
    // A file that nobody refers to does no harm: an upload of unknown outcome is done again.
    if (result.outcome === 'unknown') return { ...result, outcome: 'retryable' };
    if (result.outcome === 'retryable' || result.outcome === 'credentials') return result;
    if (result.outcome === 'rejected' || judged === null) {
      this.lost.push(`${file.name} (${result.error})`);
      return null;
    }
    const values = extractedBy(upload, judged);
    await this.memory?.keep(name, { values });
    this.uploads.set(file.id, values);
    return null;
  }

  /** Sends each file to the ticket that the delivery names. `attach`: null where the entity type takes none. */
  async attach(attach: CompiledRequest | null, rendering: Rendering): Promise<void> {
    for (const [index, file] of rendering.delivery.attachments.entries()) {
      const name = `attach#${file.id}`;
      if (this.before(name) !== undefined) continue;
      const error = attach === null ? 'this entity type takes no files' : await this.attachOne(attach, renderFile(file, index, attach, rendering));
      if (error !== null) this.lost.push(`${file.name} (${error})`);
      else await this.memory?.keep(name, { values: {} });
    }
  }

  private async attachOne(attach: CompiledRequest, request: { readonly ok: true; readonly value: RenderedRequest } | { readonly ok: false; readonly error: { readonly message: string } }): Promise<string | null> {
    if (!request.ok) return request.error.message;
    for (let tries = 1; ; tries++) {
      const { result } = await callStep(this.way, request.value, attach);
      if (result.outcome !== 'retryable' || result.retryAfterMs !== null || tries >= FILE_TRIES) return result.error;
    }
  }

  private before(name: string): { readonly values: Values } | undefined {
    return this.memory?.read()[name] as { readonly values: Values } | undefined;
  }
}

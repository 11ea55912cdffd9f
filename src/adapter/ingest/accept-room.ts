/** Requests and bytes of bodies that may be under way at once: of one organization, of all together. */
export interface AcceptLimits {
  readonly requests: number;
  readonly bytes: number;
  readonly allRequests: number;
  readonly allBytes: number;
}

const MIB = 1_048_576;

export const ACCEPT_LIMITS: AcceptLimits = { requests: 1_000, bytes: 128 * MIB, allRequests: 4_000, allBytes: 512 * MIB };

/** What a body is taken for whose length was not told. */
const UNTOLD_BYTES = MIB;

interface Used {
  requests: number;
  bytes: number;
}

/** Room for requests between admission and answer. One organization that floods fills its own share and is told so; the others do not notice. */
export class AcceptRoom {
  private readonly used = new Map<string, Used>();
  private readonly all: Used = { requests: 0, bytes: 0 };

  constructor(private readonly limits: AcceptLimits = ACCEPT_LIMITS) {}

  /**
   * Takes room for a request of so many bytes (NaN: not told). Answers how to give it back (once, later calls do nothing), or what is full:
   * `too-many` of this organization, or the process as a whole. A request that comes alone always has room.
   */
  enter(organization: string, length: number): (() => void) | 'too-many' | 'full' {
    const bytes = Number.isFinite(length) ? length : UNTOLD_BYTES;
    const own = this.used.get(organization) ?? { requests: 0, bytes: 0 };
    const { limits, all } = this;
    if (own.requests > 0 && (own.requests >= limits.requests || own.bytes + bytes > limits.bytes)) return 'too-many';
    if (own.requests > 0 && (all.requests >= limits.allRequests || all.bytes + bytes > limits.allBytes)) return 'full';
    this.used.set(organization, own);
    add(own, 1, bytes);
    add(all, 1, bytes);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      add(own, -1, -bytes);
      add(all, -1, -bytes);
      if (own.requests === 0) this.used.delete(organization);
    };
  }
}

function add(used: Used, requests: number, bytes: number): void {
  used.requests += requests;
  used.bytes += bytes;
}

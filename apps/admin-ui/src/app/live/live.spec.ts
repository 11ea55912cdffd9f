import { TestBed } from '@angular/core/testing';
import { Live } from './live';

class FakeEventSource extends EventTarget {
  static readonly CLOSED = 2;
  static last: FakeEventSource | undefined;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    super();
    FakeEventSource.last = this;
  }
  close(): void { this.closed = true; }
}

function setup() {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeEventSource);
  FakeEventSource.last = undefined;
  const live = TestBed.inject(Live);
  live.start();
  return { live, source: FakeEventSource.last as unknown as FakeEventSource };
}

describe('the live connection', () => {
  afterEach(() => { TestBed.resetTestingModule(); vi.useRealTimers(); vi.unstubAllGlobals(); });

  it('is one stream however often it is asked for', () => {
    const { live, source } = setup();
    live.start();
    expect(FakeEventSource.last).toBe(source);
    expect(source.url).toBe('/api/v1/events');
  });

  it('ticks once for many events of a moment', () => {
    const { live, source } = setup();
    source.onopen?.();
    expect(live.mode()).toBe('stream');
    for (let count = 0; count < 50; count += 1) source.dispatchEvent(new Event('message'));
    source.dispatchEvent(new Event('delivery'));
    vi.advanceTimersByTime(1_000);
    expect(live.tick()).toBe(1);
  });

  it('asks regularly where the server has no stream', () => {
    const { live, source } = setup();
    source.readyState = FakeEventSource.CLOSED;
    source.onerror?.();
    expect(live.mode()).toBe('polling');
    vi.advanceTimersByTime(8_100);
    expect(live.tick()).toBe(2);
  });

  it('leaves it to the browser to come back after a cut', () => {
    const { live, source } = setup();
    source.onopen?.();
    source.onerror?.();
    expect(live.mode()).toBe('away');
    vi.advanceTimersByTime(60_000);
    expect(live.tick()).toBe(0);
    source.onopen?.();
    expect(live.mode()).toBe('stream');
  });

  it('is silent after it was stopped', () => {
    const { live, source } = setup();
    source.dispatchEvent(new Event('message'));
    live.stop();
    vi.advanceTimersByTime(60_000);
    expect(live.tick()).toBe(0);
    expect(source.closed).toBe(true);
  });
});

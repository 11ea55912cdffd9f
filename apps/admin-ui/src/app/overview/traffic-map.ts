/** A place on the map, in percent of its width and height. */
export interface MapNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface MapEdge {
  readonly source: string;
  readonly target: string;
  readonly sent: number;
  readonly failed: number;
}

export interface DrawnEdge extends MapEdge {
  /** SVG path in a box of `WIDTH` by `HEIGHT`. */
  readonly path: string;
  readonly width: number;
  readonly tone: 'idle' | 'good' | 'wait' | 'bad';
  /** Where its arrow and its number stand, and which way it points (degrees). */
  readonly at: { readonly x: number; readonly y: number; readonly angle: number };
}

export const WIDTH = 640;
export const HEIGHT = 260;
const WAIT_MS = 60_000;
const BAD_MS = 600_000;

/** Systems on an ellipse, beginning at the left: two face each other, more go round. */
export function nodesOf(ids: readonly string[]): readonly MapNode[] {
  if (ids.length === 1) return [{ id: ids[0] ?? '', x: 50, y: 50 }];
  return ids.map((id, index) => {
    const angle = Math.PI + (2 * Math.PI * index) / ids.length;
    return { id, x: 50 + 35 * Math.cos(angle), y: 50 + (ids.length === 2 ? 0 : 36) * Math.sin(angle) };
  });
}

/**
 * Edges between systems: as thick as the traffic is (by orders of magnitude), coloured by how long the oldest has waited for the target.
 * `oldest`: since when (ms), by endpoint. Edges to and from systems that are not there are left out.
 */
export function edgesOf(edges: readonly MapEdge[], nodes: readonly MapNode[], oldest: ReadonlyMap<string, number>, now: number): readonly DrawnEdge[] {
  const places = new Map(nodes.map((node) => [node.id, { x: (node.x / 100) * WIDTH, y: (node.y / 100) * HEIGHT }]));
  return edges.flatMap((edge) => {
    const [from, to] = [places.get(edge.source), places.get(edge.target)];
    if (from === undefined || to === undefined || edge.source === edge.target) return [];
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = Math.hypot(dx, dy);
    // Bent to its right, so that both ways between two systems are seen.
    const bend = Math.min(46, length / 5);
    const middle = { x: (from.x + to.x) / 2 + (dy / length) * bend, y: (from.y + to.y) / 2 - (dx / length) * bend };
    const at = { x: (from.x + 2 * middle.x + to.x) / 4, y: (from.y + 2 * middle.y + to.y) / 4, angle: (Math.atan2(dy, dx) * 180) / Math.PI };
    return [{ ...edge, path: `M${point(from)}Q${point(middle)} ${point(to)}`, width: 1.5 + Math.min(6, 1.6 * Math.log10(1 + edge.sent)), tone: toneOf(edge, oldest.get(edge.target), now), at }];
  });
}

/** Every way that a rule or a message has taken, with its traffic. */
export function waysOf(rules: readonly { readonly sourceSystemId: string; readonly targetSystemId: string; readonly enabled: boolean }[], traffic: readonly MapEdge[]): readonly MapEdge[] {
  const ways = new Map<string, MapEdge>();
  for (const { sourceSystemId: source, targetSystemId: target, enabled } of rules) {
    if (enabled && target !== '') ways.set(JSON.stringify([source, target]), { source, target, sent: 0, failed: 0 });
  }
  for (const edge of traffic) ways.set(JSON.stringify([edge.source, edge.target]), edge);
  return [...ways.values()];
}

function toneOf({ sent, failed }: MapEdge, since: number | undefined, now: number): DrawnEdge['tone'] {
  const waitedMs = since === undefined ? 0 : now - since;
  if (waitedMs > BAD_MS) return 'bad';
  if (waitedMs > WAIT_MS || failed > 0) return 'wait';
  return sent > 0 ? 'good' : 'idle';
}

const point = ({ x, y }: { readonly x: number; readonly y: number }): string => `${String(Math.round(x))} ${String(Math.round(y))}`;

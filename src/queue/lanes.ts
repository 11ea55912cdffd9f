export type { DeliveryLane, RouteLane } from '../store/pipeline/lane.js';
export type { ReceiveLane } from '../store/pipeline/receive-lanes.js';

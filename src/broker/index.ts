export { BrokerModule } from './broker.module.js';
export { FeedModule } from './feed/feed.module.js';
export { ReplayModule } from './replay/replay.module.js';

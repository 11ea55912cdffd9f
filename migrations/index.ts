import { Foundation1763683200001 } from './1763683200001-foundation.js';
import { Identity1763683200010 } from './1763683200010-identity.js';
import { Configuration1763683200020 } from './1763683200020-configuration.js';
import { Pipeline1763683200030 } from './1763683200030-pipeline.js';
import { Sandbox1763683200040 } from './1763683200040-sandbox.js';
import { Translation1763683200050 } from './1763683200050-translation.js';
import { RuleHistory1763683200060 } from './1763683200060-rule-history.js';
import { CreateInDoubt1763683200070 } from './1763683200070-create-in-doubt.js';
import { FairClaim1763683200090 } from './1763683200090-fair-claim.js';
import { SharedEndpointState1763683200091 } from './1763683200091-shared-endpoint-state.js';
import { BulkOperation1763683200100 } from './1763683200100-bulk-operation.js';
import { Retention1763683200101 } from './1763683200101-retention.js';
import { Polling1763683200110 } from './1763683200110-polling.js';
import { Completion1763683200111 } from './1763683200111-completion.js';
import { TicketNote1763683200120 } from './1763683200120-ticket-note.js';
import { ConversationEvent1763683200080 } from './1763683200080-conversation-event.js';
import { Traffic1763683200130 } from './1763683200130-traffic.js';
import { Alert1763683200150 } from './1763683200150-alert.js';
import { Maintenance1763683200160 } from './1763683200160-maintenance.js';
import { LighterRows1763683200180 } from './1763683200180-lighter-rows.js';
import { FailedMessage1763683200181 } from './1763683200181-failed-message.js';
import { SignInProvider1763683200170 } from './1763683200170-sign-in-provider.js';
import { SessionProvider1763683200171 } from './1763683200171-session-provider.js';
import { Report1763683200200 } from './1763683200200-report.js';
import { EndpointConnection1763683200210 } from './1763683200210-endpoint-connection.js';
import { UnmappedValue1763683200190 } from './1763683200190-unmapped-value.js';

/** Every migration, oldest first. A new one is a file and a line here. */
export const MIGRATIONS = [Foundation1763683200001, Identity1763683200010, Configuration1763683200020, Pipeline1763683200030, Sandbox1763683200040, Translation1763683200050, RuleHistory1763683200060, CreateInDoubt1763683200070, ConversationEvent1763683200080, FairClaim1763683200090, SharedEndpointState1763683200091, BulkOperation1763683200100, Retention1763683200101, Polling1763683200110, Completion1763683200111, TicketNote1763683200120, Traffic1763683200130, Alert1763683200150, Maintenance1763683200160, SignInProvider1763683200170, SessionProvider1763683200171, LighterRows1763683200180, FailedMessage1763683200181, UnmappedValue1763683200190, Report1763683200200, EndpointConnection1763683200210];

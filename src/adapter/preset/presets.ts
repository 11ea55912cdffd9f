import type { Preset } from './preset.js';
import { alertmanager } from './system/alertmanager.js';
import { bmcHelix } from './system/bmc-helix.js';
import { efecte } from './system/efecte.js';
import { freshservice } from './system/freshservice.js';
import { gitHub } from './system/github.js';
import { gitLab } from './system/gitlab.js';
import { glpi, glpi11 } from './system/glpi.js';
import { icinga } from './system/icinga.js';
import { itop } from './system/itop.js';
import { jiraCloud, jiraDataCenter } from './system/jira.js';
import { nagios } from './system/nagios.js';
import { pagerDuty } from './system/pagerduty.js';
import { redmine } from './system/redmine.js';
import { requestTracker } from './system/request-tracker.js';
import { serviceNow } from './system/service-now.js';
import { tmf621, tmf621v4 } from './system/tmf621.js';
import { topdesk } from './system/topdesk.js';
import { zabbix } from './system/zabbix.js';
import { zammad } from './system/zammad.js';
import { zendesk } from './system/zendesk.js';
import { znunySoap } from './system/znuny-soap.js';
import { znuny } from './system/znuny.js';

/** Every preset. A new one is a file below `system/`, a line here, a page in docs/systems, a spec against a fake and a specimen for the conformance suite (test/support/specimen). */
export const PRESETS: readonly Preset[] = [serviceNow, jiraCloud, jiraDataCenter, alertmanager, pagerDuty, gitHub, gitLab, zabbix, nagios, icinga, glpi, glpi11, zendesk, requestTracker, redmine, znuny, znunySoap, zammad, itop, freshservice, bmcHelix, topdesk, tmf621, tmf621v4, efecte];

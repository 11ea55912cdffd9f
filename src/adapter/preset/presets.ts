import type { Preset } from './preset.js';
import { alertmanager } from './system/alertmanager.js';
import { bmcHelix } from './system/bmc-helix.js';
import { efecte } from './system/efecte.js';
import { eventsJson, eventsV2 } from './system/event-inlet.js';
import { freshservice } from './system/freshservice.js';
import { gitHub } from './system/github.js';
import { gitLab } from './system/gitlab.js';
import { glpi, glpi11 } from './system/glpi.js';
import { icinga } from './system/icinga.js';
import { itop } from './system/itop.js';
import { jiraServiceManagement } from './system/jira-service-management.js';
import { jiraCloud, jiraDataCenter } from './system/jira.js';
import { nagios } from './system/nagios.js';
import { opsgenie } from './system/opsgenie.js';
import { pagerDuty } from './system/pagerduty.js';
import { redmine } from './system/redmine.js';
import { requestTracker } from './system/request-tracker.js';
import { serviceNowImportSet } from './system/service-now-import-set.js';
import { serviceNowScripted } from './system/service-now-scripted.js';
import { serviceNowSoap } from './system/service-now-soap.js';
import { serviceNow } from './system/service-now.js';
import { tmf621, tmf621v4 } from './system/tmf621.js';
import { topdesk } from './system/topdesk.js';
import { zabbix } from './system/zabbix.js';
import { zammad } from './system/zammad.js';
import { zendesk } from './system/zendesk.js';
import { znunySoap } from './system/znuny-soap.js';
import { znuny } from './system/znuny.js';

/** Every preset. A new one is a file below `system/`, a line here, a page in docs/systems, a spec against a fake and a specimen for the conformance suite (test/support/specimen). */
export const PRESETS: readonly Preset[] = [serviceNow, serviceNowImportSet, serviceNowScripted, serviceNowSoap, jiraCloud, jiraServiceManagement, jiraDataCenter, alertmanager, pagerDuty, opsgenie, gitHub, gitLab, zabbix, nagios, icinga, eventsV2, eventsJson, glpi, glpi11, zendesk, requestTracker, redmine, znuny, znunySoap, zammad, itop, freshservice, bmcHelix, topdesk, tmf621, tmf621v4, efecte];

export const findPreset = (id: string): Preset | undefined => PRESETS.find((one) => one.id === id);

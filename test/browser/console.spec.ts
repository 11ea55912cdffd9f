import { afterAll, beforeAll, describe } from '@jest/globals';
import { CHROMIUM, House } from './house.js';
import { buildRuleJourney } from './build-rule-journey.js';
import { delayJourney } from './delay-journey.js';
import { exploreJourney } from './explore-journey.js';
import { firstRunJourney } from './first-run-journey.js';
import { maintenanceJourney } from './maintenance-journey.js';
import { partnerJourney } from './partner-journey.js';
import { providerJourney } from './provider-journey.js';
import { refusedJourney } from './refused-journey.js';
import { repairJourney } from './repair-journey.js';
import { reportJourney } from './report-journey.js';
import { everyScreen } from './screens.js';
import { signInJourney } from './sign-in-journey.js';
import { ticketJourney } from './ticket-journey.js';
import { unmappedJourney } from './unmapped-journey.js';
import { wsdlJourney } from './wsdl-journey.js';

if (CHROMIUM === undefined) console.log('The browser tests are skipped: there is no Chromium here (apt-get install chromium, or PARLEY_TEST_CHROMIUM=path).');
const here = CHROMIUM === undefined ? describe.skip : describe;

/** One server and one browser; the journeys follow each other as a person's day does. */
here('the console in a browser', () => {
  const house = new House();
  beforeAll(() => house.start());
  afterAll(() => house.stop());

  describe('the door', () => { signInJourney(house); });
  describe('a sender that is refused', () => { refusedJourney(house); });
  describe('a ticket', () => { ticketJourney(house); });
  describe('repair', () => { repairJourney(house); });
  describe('delays', () => { delayJourney(house); });
  describe('a value without a row', () => { unmappedJourney(house); });
  describe('maintenance', () => { maintenanceJourney(house); });
  describe('somebody who looks closer', () => { exploreJourney(house); });
  describe('a service that describes itself', () => { wsdlJourney(house); });
  describe('a partner', () => { partnerJourney(house); });
  describe('a sign-in provider', () => { providerJourney(house); });
  describe('a newcomer', () => { firstRunJourney(house); });
  describe('a builder', () => { buildRuleJourney(house); });
  describe('the end of a month', () => { reportJourney(house); });
  describe('every screen', () => { everyScreen(house); });
});

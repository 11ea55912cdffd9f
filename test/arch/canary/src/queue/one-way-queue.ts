export { door } from '../web/index.js';

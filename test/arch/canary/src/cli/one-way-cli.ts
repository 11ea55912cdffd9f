export { door } from '../console/index.js';

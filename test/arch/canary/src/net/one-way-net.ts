export { door } from '../queue/index.js';

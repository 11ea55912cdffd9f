/**
 * The modules of src/, lowest first. A module may import itself and what stands in an earlier row; modules of one row
 * do not see each other. A new folder below src/ needs a place here (boundary.spec.ts compares).
 */
exports.LAYERS = [
  ['core'],
  ['config'],
  ['store'],
  ['net', 'queue', 'web'],
  ['identity'],
  ['rule', 'conversation'],
  ['adapter', 'broker'],
  ['monitoring', 'configuration'],
  ['console', 'sandbox', 'cli'],
];

/** Their files may be imported one by one; the others only through their index.ts. */
exports.OPEN = ['core', 'config', 'store'];

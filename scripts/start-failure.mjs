/** Something the person at the keyboard can act on. Its message is one clear sentence; no stack is printed for it. */
export class StartFailure extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'StartFailure';
  }
}

/** Prints the sentence (or, for a fault of our own, the stack). The caller ends with a non-zero exit code. */
export function printFailure(error) {
  if (error instanceof StartFailure) console.error(`parley: ${error.message}`);
  else console.error(error);
}

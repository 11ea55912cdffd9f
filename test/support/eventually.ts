/** Repeats an expectation until it holds; after `withinMs` its last failure is thrown. The limit is for a machine that is busy with other things. */
export async function eventually(expectation: () => void | Promise<void>, withinMs = 60_000): Promise<void> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

package io.tidecast.benchmarks.encode;

/**
 * A way to do the same thing for one record after the other.
 *
 * @param name in the table
 */
record Way(String name, Step step) {

  /** Does it once. */
  @FunctionalInterface
  interface Step {

    /**
     * Returns a number that depends on what was made, so that nothing of it can be left out.
     *
     * @param turn counts the calls
     */
    int run(int turn) throws Exception;
  }
}

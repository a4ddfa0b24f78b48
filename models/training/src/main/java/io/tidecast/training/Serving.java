package io.tidecast.training;

import io.tidecast.architectures.PastInput;

/**
 * How a network is served.
 *
 * @param input what the graph is given of the past; it is trained on whole contexts either way
 */
public record Serving(PastInput input) {

  /** Given whole contexts. */
  public static final Serving PLAIN = new Serving(PastInput.CONTEXT);
}

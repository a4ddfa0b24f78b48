package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;

/**
 * A caller that is told nothing.
 *
 * @param name by which it is another one
 */
record Nobody(String name) implements Caller {

  @Override
  public ForecasterSpec spec() {
    return LastValueModel.SPEC;
  }

  @Override
  public ServingListener listener() {
    return new RecordedRuns();
  }
}

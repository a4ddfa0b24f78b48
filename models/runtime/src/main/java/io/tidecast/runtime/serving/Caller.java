package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;

/** Says for whom a window is run. */
interface Caller {

  /** What its forecasts are: the model's, cut or rolled out to the horizon that it wants. */
  ForecasterSpec spec();

  /** What hears of runs that are its. */
  ServingListener listener();
}

/**
 * Tells values that a series was not expected to have, and levels that it has moved to, by what was
 * forecast of them.
 */
@NullMarked
package io.tidecast.runtime.anomalies;

import org.jspecify.annotations.NullMarked;

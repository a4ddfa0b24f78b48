/**
 * Makes instants of times as people and programs write them: numbers since a day, ISO 8601, text of
 * any pattern, with clocks that change.
 */
@NullMarked
package io.tidecast.runtime.time;

import org.jspecify.annotations.NullMarked;

/**
 * Reads the values of a job file, each by itself: keys, types, YAML, and what to say of a value
 * that is wrong. It knows no key.
 */
@NullMarked
package io.tidecast.flink.config.value;

import org.jspecify.annotations.NullMarked;

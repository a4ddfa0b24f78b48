/**
 * Keeps the closed cells of a job's past in files, for who learns from them or measures on them.
 */
@NullMarked
package io.tidecast.flink.history;

import org.jspecify.annotations.NullMarked;

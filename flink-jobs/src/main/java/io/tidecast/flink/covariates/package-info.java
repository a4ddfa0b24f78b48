/**
 * Puts future covariates of topics and of the calendar into windows, which wait for those that are
 * missing.
 */
@NullMarked
package io.tidecast.flink.covariates;

import org.jspecify.annotations.NullMarked;

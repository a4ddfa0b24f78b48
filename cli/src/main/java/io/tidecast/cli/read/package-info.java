/**
 * The command that shows people what a job has written: forecasts as plots, dead letters by reason.
 */
@NullMarked
package io.tidecast.cli.read;

import org.jspecify.annotations.NullMarked;

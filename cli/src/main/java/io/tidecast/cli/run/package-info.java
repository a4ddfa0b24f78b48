/**
 * The command that runs a job file in this process, goes on from its checkpoints and says how far
 * it is.
 */
@NullMarked
package io.tidecast.cli.run;

import org.jspecify.annotations.NullMarked;

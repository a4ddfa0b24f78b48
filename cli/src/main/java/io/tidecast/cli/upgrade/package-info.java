/** The command that puts another version of a job into the place of one that runs on Flink. */
@NullMarked
package io.tidecast.cli.upgrade;

import org.jspecify.annotations.NullMarked;

/** Copying the topics of a job into PostgreSQL: beside the job, and as a command of its own. */
@NullMarked
package io.tidecast.cli.postgres;

import org.jspecify.annotations.NullMarked;

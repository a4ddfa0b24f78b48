/** A job file as the commands of this machine take it, and what Kafka has of what the job needs. */
@NullMarked
package io.tidecast.cli.job;

import org.jspecify.annotations.NullMarked;

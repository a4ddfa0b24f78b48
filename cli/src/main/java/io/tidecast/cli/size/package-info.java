/** What a job with so many series takes of memory, processors, Kafka and PostgreSQL. */
@NullMarked
package io.tidecast.cli.size;

import org.jspecify.annotations.NullMarked;

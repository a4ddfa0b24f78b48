/**
 * Copies what the job writes to its topics into PostgreSQL, in a pipeline of its own. It knows the
 * job's settings and formats, and nothing of its operators.
 */
@NullMarked
package io.tidecast.postgres;

import org.jspecify.annotations.NullMarked;

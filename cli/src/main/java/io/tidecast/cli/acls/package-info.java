/** {@code tidecast acls}: the rights at Kafka that a job needs, for those who give them. */
@NullMarked
package io.tidecast.cli.acls;

import org.jspecify.annotations.NullMarked;

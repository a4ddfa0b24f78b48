/** Has the keys of schemas and of the registry that has them, and makes of them what they name. */
@NullMarked
package io.tidecast.flink.config.schema;

import org.jspecify.annotations.NullMarked;

/** Has the keys of the models beside the default, and makes of them what they name. */
@NullMarked
package io.tidecast.flink.config.slot;

import org.jspecify.annotations.NullMarked;

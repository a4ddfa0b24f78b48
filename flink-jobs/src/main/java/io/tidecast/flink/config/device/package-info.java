/** Has the keys that say on which device the model runs, and makes of them what they name. */
@NullMarked
package io.tidecast.flink.config.device;

import org.jspecify.annotations.NullMarked;

/** Has the keys of the job file that are many enough for a class of their own. It knows no rule. */
@NullMarked
package io.tidecast.flink.config.key;

import org.jspecify.annotations.NullMarked;

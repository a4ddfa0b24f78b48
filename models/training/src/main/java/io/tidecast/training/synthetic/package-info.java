/** Generates series of many kinds from a seed, for networks to learn from. */
@NullMarked
package io.tidecast.training.synthetic;

import org.jspecify.annotations.NullMarked;

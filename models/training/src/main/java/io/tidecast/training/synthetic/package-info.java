/** Generates series of many kinds from a seed, for networks to learn from. */
package io.tidecast.training.synthetic;

/**
 * What is done to a context before a model is given it: gaps are filled, and what 32-bit floats
 * can't tell apart is told from a base.
 */
@NullMarked
package io.tidecast.runtime.context;

import org.jspecify.annotations.NullMarked;

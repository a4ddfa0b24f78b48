/**
 * Reads a model folder and checks that its graph and its golden vectors are those of its manifest.
 */
@NullMarked
package io.tidecast.runtime.bundle;

import org.jspecify.annotations.NullMarked;

/**
 * Says what a model is: its lengths, channels, tensors and calendar features, as its manifest has
 * them.
 */
@NullMarked
package io.tidecast.runtime.manifest;

import org.jspecify.annotations.NullMarked;

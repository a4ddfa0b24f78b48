/**
 * Says what a model is: its lengths, channels, tensors and calendar features, as its manifest has
 * them.
 */
package io.tidecast.runtime.manifest;

/**
 * Trains the forecasters of {@code io.tidecast.architectures} with torch, exports them as models of
 * {@code io.tidecast.runtime}, and measures what is served. The only module that sees torch.
 */
package io.tidecast.training;

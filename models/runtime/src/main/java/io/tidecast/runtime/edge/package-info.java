/**
 * Says how the tensors of a graph from anywhere differ from those that the runtime fills and reads,
 * and puts what converts them into the graph.
 */
@NullMarked
package io.tidecast.runtime.edge;

import org.jspecify.annotations.NullMarked;

package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tidecast.runtime.manifest.ModelException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds the one number of windows that a graph takes whose file leaves it open. */
final class BatchTrial {

  private static final int MOST = 1024;

  /** What people export with, where no message names it. */
  private static final int[] USUAL = {2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 64, 100, 128, 256};

  private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

  private BatchTrial() {}

  /**
   * Looks into a failed run of one window.
   *
   * @return what is wrong, if it is the number of windows
   */
  static Optional<FixedBatchException> ofOneWindow(OnnxGraph graph, ModelException failure) {
    if (!(failure.getCause() instanceof OrtException said) || graph.signature().batch() != -1) {
      return Optional.empty();
    }
    Set<Integer> sizes = new LinkedHashSet<>();
    Matcher numbers = NUMBER.matcher(OnnxMessage.of(said));
    Stream.generate(numbers::find)
        .takeWhile(found -> found)
        .forEach(found -> sizes.add(Integer.parseInt(numbers.group())));
    IntStream.of(USUAL).forEach(sizes::add);
    return sizes.stream()
        .filter(size -> size > 1 && size <= MOST && runs(graph, size))
        .findFirst()
        .map(size -> new FixedBatchException(graph.name(), size, failure));
  }

  /** The same of a failed run of several windows, once one has run. */
  static Optional<FixedBatchException> ofSeveral(OnnxGraph graph, ModelException failure) {
    boolean one =
        failure.getCause() instanceof OrtException
            && graph.signature().batch() == -1
            && runs(graph, 1)
            && !runs(graph, 2)
            && !runs(graph, 3);
    return one ? Optional.of(new FixedBatchException(graph.name(), 1, failure)) : Optional.empty();
  }

  private static boolean runs(OnnxGraph graph, int windows) {
    try (WholeBatch batch = new WholeBatch(graph.signature(), windows);
        OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      OnnxTensors tensors = batch.tensors();
      graph.session().run(tensors.inputs(), Set.of(), tensors.outputs(), options).close();
      return true;
    } catch (OrtException e) {
      return false;
    }
  }
}

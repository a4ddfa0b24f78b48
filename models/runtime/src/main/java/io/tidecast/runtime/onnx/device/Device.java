package io.tidecast.runtime.onnx.device;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model runs on: {@code cpu}, or a GPU through one of ONNX Runtime's providers, {@code
 * cuda:0} or {@code tensorrt:0}.
 *
 * @param index of the GPU as CUDA counts those that the process may see, from 0; 0 for the
 *     processor
 */
public record Device(Kind kind, int index) implements Serializable {

  /** Who computes. */
  public enum Kind {
    CPU,
    CUDA,
    /** TensorRT takes what it can of a graph, CUDA the rest. */
    TENSORRT
  }

  /** The processor, which every machine has. */
  public static final Device PROCESSOR = new Device(Kind.CPU, 0);

  private static final Pattern TEXT = Pattern.compile("(cuda|tensorrt):(\\d{1,3})");

  public Device {
    Checks.present("kind", kind);
    Checks.require(index >= 0, "must not be negative", "index", index);
    Checks.require(kind != Kind.CPU || index == 0, "must be 0 for the processor", "index", index);
  }

  /**
   * Reads {@code cpu}, {@code cuda:0} or {@code tensorrt:0}.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Device parse(String text) {
    if (text.equals(PROCESSOR.toString())) {
      return PROCESSOR;
    }
    Matcher matcher = TEXT.matcher(text);
    Checks.require(matcher.matches(), "must be cpu, cuda:N or tensorrt:N", "device", text);
    return new Device(
        Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
        Integer.parseInt(matcher.group(2)));
  }

  /** Tells whether it is a GPU. */
  public boolean isGpu() {
    return kind != Kind.CPU;
  }

  /** Writes it as {@link #parse} reads it. */
  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return isGpu() ? name + ":" + index : name;
  }
}

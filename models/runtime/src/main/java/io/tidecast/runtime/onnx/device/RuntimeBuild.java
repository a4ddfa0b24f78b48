package io.tidecast.runtime.onnx.device;

import io.tidecast.runtime.manifest.Checks;

/**
 * The ONNX Runtime that a process has found.
 *
 * @param version for instance {@code 1.28.0}
 * @param cuda whether it was built with CUDA
 * @param tensorRt whether it was built with TensorRT
 * @param place the jar that it comes from
 */
public record RuntimeBuild(String version, boolean cuda, boolean tensorRt, String place) {

  public RuntimeBuild {
    Checks.present("version", version);
    Checks.present("place", place);
  }

  /** Says what was found, as the beginning of a sentence. */
  public String sentence() {
    String with =
        cuda && tensorRt
            ? "with CUDA and TensorRT"
            : cuda ? "with CUDA" : "for the processor alone";
    return "ONNX Runtime %s %s".formatted(version, with);
  }

  boolean has(Device.Kind kind) {
    return switch (kind) {
      case CPU -> true;
      case CUDA -> cuda;
      case TENSORRT -> cuda && tensorRt;
    };
  }
}

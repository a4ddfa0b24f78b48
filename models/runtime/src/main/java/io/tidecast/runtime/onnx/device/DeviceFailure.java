package io.tidecast.runtime.onnx.device;

import java.util.regex.Pattern;

/** What ONNX Runtime says when a GPU fails it, and what that means. */
public enum DeviceFailure {
  /** The driver is there, and shows the process no GPU. */
  NO_GPU(
      "no CUDA-capable device|CUDA failure 100\\b",
      "a GPU must be within reach of this process, none is; give the container one, and look at CUDA_VISIBLE_DEVICES"),
  /** There are GPUs, and none of this number. */
  NO_SUCH_GPU(
      "Invalid device ID|invalid device ordinal|CUDA failure 101\\b",
      "the number of the GPU must be one of those that this process sees, counted from 0"),
  /** CUDA 12 needs a driver of 525 or newer. */
  OLD_DRIVER(
      "driver version is insufficient|CUDA failure 35\\b",
      "NVIDIA's driver must be 525.60 or newer for CUDA 12, it is older; install a newer one on the machine"),
  /** Such as after an update of the driver, before a restart of the machine. */
  DRIVER_MISMATCH(
      "system has unsupported display driver|driver/library version mismatch|CUDA failure 803\\b",
      "the driver in the kernel and its library must be of one version, they are not; restart the machine"),
  /** For instance by a limit that is lower than what the weights take. */
  NO_MEMORY(
      "out of memory|Failed to allocate memory|is smaller than requested bytes|CUDA failure 2\\b",
      "the GPU must have memory for the model and a batch, it has too little; raise model.gpu.memory-limit, lower model.max-batch-size, or end what else uses the GPU"),
  /** The provider holds code for some generations of GPUs alone. */
  FOREIGN_GPU(
      "no kernel image|CUDA failure 209\\b",
      "the GPU must be of a generation that this build of ONNX Runtime has code for, it is not"),
  /** A library of CUDA 12 is there, and older than the one that ONNX Runtime was built with. */
  OLD_CUDA(
      "undefined symbol: cu\\w+|version .?libcu\\w+\\.so\\.12.? not found",
      "the libraries of CUDA 12 must be new enough for this ONNX Runtime, they are not; those of 12.9 are, those of 12.6 are too old"),
  /** It is loaded where an operator needs it. */
  NO_CUDNN(
      "cuDNN is not available|libcudnn",
      "cuDNN 9 must be where the loader looks, for an operator of the model needs it; install it and name its folder in LD_LIBRARY_PATH"),
  /** A library that the provider was built against, or one that such a library needs. */
  NO_LIBRARY(
      "Failed to load (?:shared )?library|cannot open shared object file",
      "every library that the provider needs must be where the loader looks; install what is named and name its folder in LD_LIBRARY_PATH"),
  /** Whatever else: only its own words can help. */
  OTHER("", "the device must take the model, it does not");

  private final Pattern sign;
  private final String requirement;

  DeviceFailure(String sign, String requirement) {
    this.sign = Pattern.compile(sign, Pattern.CASE_INSENSITIVE);
    this.requirement = requirement;
  }

  /** Tells whether it will be so again; memory, others may give back. */
  public boolean isLasting() {
    return this != NO_MEMORY && this != OTHER;
  }

  /** Finds out what is meant. */
  public static DeviceFailure of(String said) {
    for (DeviceFailure failure : values()) {
      if (failure.sign.matcher(said).find()) {
        return failure;
      }
    }
    throw new AssertionError("OTHER has every text");
  }

  /**
   * Says what is wrong and what to do.
   *
   * @param said by ONNX Runtime, in one line
   */
  public static String explain(String said, Device device, Machine machine) {
    return "%s, see docs/how-to/gpu.md: model.device=%s; seen here: %s; ONNX Runtime says: %s"
        .formatted(of(said).requirement, device, machine.seen(), said);
  }
}

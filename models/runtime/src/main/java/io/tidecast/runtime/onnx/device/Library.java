package io.tidecast.runtime.onnx.device;

/** A library that is not part of ONNX Runtime, and who has it. */
enum Library {
  DRIVER("libcuda.so.1", Device.Kind.CUDA),
  CUDART("libcudart.so.12", Device.Kind.CUDA),
  CUBLAS("libcublas.so.12", Device.Kind.CUDA),
  CUBLAS_LT("libcublasLt.so.12", Device.Kind.CUDA),
  CURAND("libcurand.so.10", Device.Kind.CUDA),
  CUDNN("libcudnn.so.9", Device.Kind.CUDA),
  TENSORRT("libnvinfer.so.10", Device.Kind.TENSORRT),
  TENSORRT_PARSER("libnvonnxparser.so.10", Device.Kind.TENSORRT);

  private final String fileName;
  private final Device.Kind kind;

  Library(String fileName, Device.Kind kind) {
    this.fileName = fileName;
    this.kind = kind;
  }

  String fileName() {
    return fileName;
  }

  /** Tells whether a model on such a device may need it. */
  boolean isFor(Device.Kind device) {
    return switch (device) {
      case CPU -> false;
      case CUDA -> kind == Device.Kind.CUDA;
      case TENSORRT -> true;
    };
  }
}

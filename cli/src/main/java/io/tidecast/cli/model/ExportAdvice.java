package io.tidecast.cli.model;

import java.util.Locale;

/** How each tool exports a graph that can be served, in its own words. */
enum ExportAdvice {
  PYTORCH(
      "pytorch",
      "torch.onnx.export(model.eval(), (torch.zeros(2, CONTEXT, 1),), \"model.onnx\", input_names=[\"context\"], "
          + "output_names=[\"point\"], dynamic_axes={\"context\": {0: \"batch\"}, \"point\": {0: \"batch\"}})"),
  TENSORFLOW(
      "tf2onnx",
      "tf2onnx.convert.from_keras(model, input_signature=[tf.TensorSpec((None, CONTEXT, 1), tf.float32, name=\"context\")], "
          + "output_path=\"model.onnx\")"),
  KERAS(
      "keras",
      "model.export(\"model.onnx\", format=\"onnx\", input_signature=[keras.InputSpec(shape=(None, CONTEXT, 1), name=\"context\")])"),
  SCIKIT_LEARN(
      "skl2onnx",
      "skl2onnx.to_onnx(model, initial_types=[(\"context\", FloatTensorType([None, CONTEXT]))])"),
  ONNXMLTOOLS(
      "onnxmltools",
      "onnxmltools.convert_lightgbm or convert_xgboost(model, initial_types=[(\"context\", FloatTensorType([None, CONTEXT]))])"),
  /** Of no tool that is known. */
  ANY(
      "",
      "an input context of [batch, time, channel] and an output point of [batch, horizon, channel], 32-bit floats, "
          + "the first axis dynamic");

  private final String producer;
  private final String words;

  ExportAdvice(String producer, String words) {
    this.producer = producer;
    this.words = words;
  }

  /**
   * Says how to export in the words of the tool that wrote a file.
   *
   * @param producer as the file has it
   */
  static String of(String producer) {
    String name = producer.toLowerCase(Locale.ROOT);
    for (ExportAdvice advice : values()) {
      if (name.contains(advice.producer)) {
        return "Export it so that it can be served: " + advice.words;
      }
    }
    throw new AssertionError("the last one is for any");
  }
}

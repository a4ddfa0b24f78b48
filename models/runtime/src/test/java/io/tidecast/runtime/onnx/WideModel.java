package io.tidecast.runtime.onnx;

import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.testing.TestModels;

/** A program that opens a model whose windows have so many cells, and prints why that cannot be. */
final class WideModel {

  private WideModel() {}

  public static void main(String[] arguments) {
    int cells = Integer.parseInt(arguments[0]);
    try {
      OnnxForecaster.open(TestModels.wideIdentity(cells), OnnxOptions.defaults()).close();
      System.out.println("opened");
    } catch (ModelException e) {
      System.out.println(e.getMessage());
    }
  }
}

package io.tidecast.architectures.onnx;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import io.tidecast.architectures.*;
import ai.onnxruntime.*;
import java.util.*;
import java.nio.*;

class HalfParityTest {
  static List<ParityCase> cases() { return ParityCase.all(); }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldX(ParityCase parity) throws Exception {
    float[] whole = run(emit(parity, parity.architecture(), false), parity, false);
    float[] half = run(emit(parity, parity.architecture(), true), parity, false);
    float[] half0 = run(emit(parity, parity.architecture(), true), parity, true);
    System.out.printf("%s: opt %s noopt %s%n", parity.name(), d(whole, half), d(whole, half0));
  }
  static String d(float[] a, float[] b) {
    double m=0, s=0, q=0, max=0;
    for (float v : a) m += v; m/=a.length;
    for (int i=0;i<a.length;i++) { s += (a[i]-m)*(a[i]-m); q += (a[i]-b[i])*(a[i]-b[i]); max=Math.max(max, Math.abs(a[i]-b[i])); if (Float.isNaN(b[i])) max = 1e9; }
    s=Math.sqrt(s/a.length);
    return "spread %.3f max/spread %.2e rms/spread %.2e".formatted(s, max/s, Math.sqrt(q/a.length)/s);
  }
  static float[] run(byte[] model, ParityCase parity, boolean noopt) throws Exception {
    OrtEnvironment e = OrtEnvironment.getEnvironment();
    OrtSession.SessionOptions o = new OrtSession.SessionOptions();
    if (noopt) o.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
    try (OrtSession session = e.createSession(model, o)) {
      Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
      for (var input : parity.inputs().entrySet()) {
        String name = input.getKey().wireName();
        if (session.getInputNames().contains(name))
          tensors.put(name, OnnxTensor.createTensor(e, FloatBuffer.wrap(input.getValue().floats()), input.getValue().shape()));
      }
      try (var r = session.run(tensors)) { FloatBuffer b = ((OnnxTensor) r.get(0)).getFloatBuffer(); float[] v = new float[b.remaining()]; b.get(v); return v; }
    }
  }
  static <C extends ArchitectureConfig> byte[] emit(ParityCase parity, Architecture<C> architecture, boolean half) throws Exception {
    C config = architecture.readConfig(parity.hyperparameters());
    OnnxOps ops = half ? OnnxOps.half(parity.weights()) : OnnxOps.of(parity.weights());
    OnnxOps.Value y = architecture.forward(ops, config, ops.inputs(architecture.inputs(config)));
    ops.output(architecture.output(config), y);
    byte[] b = ops.toModel(parity.name(), Map.of());
    var counts = new TreeMap<String,Integer>();
    for (var n : ai.onnx.proto.OnnxMl.ModelProto.parseFrom(b).getGraph().getNodeList()) counts.merge(n.getOpType(), 1, Integer::sum);
    System.out.println(parity.name() + " " + half + " " + b.length + " " + counts);
    return b;
  }
}

package io.tidecast.flink.state;

import io.tidecast.flink.record.Issuer;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the issuers whose forecasts came last, and the issuers of such bytes: forecasts come
 * by the thousand from the same few. One thread.
 */
final class RecentIssuers {

  /** More than the models, baselines and members that a job has as a rule. */
  private static final int MOST = 16;

  private static final ThreadLocal<RecentIssuers> OF_THREADS =
      ThreadLocal.withInitial(RecentIssuers::new);

  private final @Nullable Issuer[] issuers = new Issuer[MOST];
  private final byte[][] bytes = new byte[MOST][];
  private int next;

  static RecentIssuers ofThisThread() {
    return OF_THREADS.get();
  }

  /** The bytes of an issuer; not to be changed. */
  @SuppressWarnings("ReferenceEquality") // The usual case, and a cheap one.
  byte[] bytes(Issuer issuer) throws IOException {
    for (int i = 0; i < MOST; i++) {
      if (issuers[i] == issuer) {
        return bytes[i];
      }
    }
    byte[] made = write(issuer);
    remember(issuer, made);
    return made;
  }

  /**
   * The issuer of some bytes.
   *
   * @throws IOException if they are none of an issuer
   */
  Issuer issuer(byte[] of) throws IOException {
    for (int i = 0; i < MOST; i++) {
      Issuer known = issuers[i];
      if (known != null && Arrays.equals(bytes[i], of)) {
        return known;
      }
    }
    Issuer made = read(of);
    remember(made, of);
    return made;
  }

  private void remember(Issuer issuer, byte[] its) {
    issuers[next] = issuer;
    bytes[next] = its;
    next = (next + 1) % MOST;
  }

  private static byte[] write(Issuer issuer) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(128);
    StateBytes.writeShortText(issuer.modelId(), out);
    StateBytes.writeShortText(issuer.modelVersion(), out);
    StateBytes.writeSmall(issuer.channels(), out);
    StateBytes.writeSmall(issuer.targets().length, out);
    for (String target : issuer.targets()) {
      StateBytes.writeShortText(target, out);
    }
    StateBytes.writeDoubles(issuer.levels(), out);
    StateBytes.writeShortText(issuer.slot(), out);
    return out.getCopyOfBuffer();
  }

  private static Issuer read(byte[] bytes) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    String modelId = StateBytes.readShortText("model id", in);
    String modelVersion = StateBytes.readShortText("model version", in);
    int channels = StateBytes.readSmallCount("targets", in);
    int names = StateBytes.readSmallCount("target names", in);
    if (names > bytes.length) {
      throw new IOException(
          "an issuer claimed %d target names, in %d bytes".formatted(names, bytes.length));
    }
    String[] targets = new String[names];
    for (int i = 0; i < names; i++) {
      targets[i] = StateBytes.readShortText("target name", in);
    }
    double[] levels = StateBytes.readDoubles("levels", in);
    String slot = StateBytes.readShortText("slot", in);
    if (in.available() > 0) {
      throw new IOException("an issuer must end with its slot: bytes left=" + in.available());
    }
    return new Issuer(modelId, modelVersion, channels, targets, levels, slot);
  }
}

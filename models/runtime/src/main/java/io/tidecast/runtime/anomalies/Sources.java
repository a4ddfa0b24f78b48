package io.tidecast.runtime.anomalies;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The models that what is kept of a series names, each once. One thread. */
final class Sources {

  private final List<Source> models = new ArrayList<>();

  /** Returns the number of the model of a forecast. */
  int add(Source source) {
    for (int i = 0; i < models.size(); i++) {
      Source model = models.get(i);
      if (model.model().equals(source.model()) && model.version().equals(source.version())) {
        return i;
      }
    }
    models.add(source);
    return models.size() - 1;
  }

  /** Returns a forecast of the model of a number. */
  Source get(int number, long origin) {
    KeptBytes.count("model", number, models.size() - 1);
    Source model = models.get(number);
    return new Source(origin, model.model(), model.version());
  }

  /** The length of {@link #write}. */
  int bytes() {
    int bytes = Integer.BYTES;
    for (Source model : models) {
      bytes += KeptBytes.bytes(model.model()) + KeptBytes.bytes(model.version());
    }
    return bytes;
  }

  void write(ByteBuffer out) {
    out.putInt(models.size());
    for (Source model : models) {
      KeptBytes.write(model.model(), out);
      KeptBytes.write(model.version(), out);
    }
  }

  static Sources read(ByteBuffer in) {
    Sources sources = new Sources();
    int count = KeptBytes.count("models", in.getInt(), in.remaining());
    for (int i = 0; i < count; i++) {
      sources.models.add(new Source(0, KeptBytes.text(in), KeptBytes.text(in)));
    }
    return sources;
  }
}

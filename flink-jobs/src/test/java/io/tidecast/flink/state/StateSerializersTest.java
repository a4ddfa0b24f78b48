package io.tidecast.flink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.KeptSlot;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.VersionKey;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.LeadForecast;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.WaitingTask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.junit.jupiter.api.Test;

/** The bytes of what is kept, and of the versions to come. */
class StateSerializersTest {

  private static final ForecastTask PLAIN =
      new ForecastTask("a", 7_000, new float[] {1, Float.NaN, 3, 4}, 2, 5);
  private static final ForecastTask FULL =
      new ForecastTask(
          "Zähler \uD83D\uDD0C", -1, new float[] {-1}, 0, 0, true, 24, "n", new float[] {8, 9});

  private static final ForecastTask TOLD =
      new ForecastTask(
          "b",
          7_000,
          new float[] {-0.25f, Float.NaN, 0.25f, 0},
          1,
          0,
          false,
          null,
          null,
          new float[0],
          new double[] {1e9, -16_777_217.25},
          null);

  private static final ForecastTask TRACED = FULL.passing(new byte[] {1, 2, 3});

  private static final Measurement BEHIND =
      new Measurement(
          new RecordOrigin("observations", 11, 9_000_000_000L, 7_700, 12, 5_120, null, null),
          "plant-7/channel-321",
          7_000,
          new double[] {1.5});
  private static final Measurement WHOLE =
      new Measurement(
          new RecordOrigin(
              "o", 0, 1, -1, 1, 2, new byte[] {7}, new byte[] {8, 9}, new byte[] {1, 2, 3}, null),
          "b",
          "n",
          7_000,
          new double[] {1e9 + 0.25, Double.NaN});
  private static final Measurement PASSING =
      new Measurement(
          new RecordOrigin(
              "o", 0, 1, -1, 1, 2, new byte[] {7}, null, new byte[] {1}, new byte[] {4, 5}),
          "b",
          7_000,
          new double[] {1.5});

  private static final KeptSlot SLOT =
      new KeptSlot(
          "heat",
          new VersionKey("s3://models/heat/1", "0a"),
          1_700_000_000_000L,
          7,
          List.of(
              new KeptSlot.Turn(0, null, new VersionKey("", null), KeptSlot.NEVER),
              new KeptSlot.Turn(
                  6, "Z\u00e4hler \uD83D\uDD0C", new VersionKey("/m/2", "0b"), 1_700_000_000_001L)),
          new VersionKey("/m/1", "0c"),
          List.of(
              command(3, ModelCommand.Action.LOAD, "/m/4", "0d", null),
              command(4, ModelCommand.Action.SHADOW, "/m/5", null, null),
              command(8, ModelCommand.Action.ACTIVATE, "/m/6", null, -1L),
              command(9, ModelCommand.Action.ROLL_BACK, null, null, 12L),
              command(10, ModelCommand.Action.RETIRE, "/m/4", null, null)));

  private static KeptSlot.Numbered command(
      int number, ModelCommand.Action action, String place, String sha256, Long from) {
    return new KeptSlot.Numbered(
        number, new ModelCommand("c" + number, action, "heat", place, sha256, from));
  }

  private static final ClosedCell CLOSED =
      new ClosedCell("plant-7/channel-321", 7_000, new double[] {1.5, Double.NaN}, false);
  private static final ClosedCell CORRECTED =
      new ClosedCell("Zähler", -1, new double[] {1e9 + 0.25}, true);

  private static final IssuedForecast ISSUED =
      new IssuedForecast(
          "plant-7",
          7_000,
          8_000,
          new Issuer("m", "7", 1, new String[0], new double[0]),
          new float[] {1, 2},
          new float[0],
          3,
          true,
          0,
          1);
  private static final IssuedForecast MEMBER =
      new IssuedForecast(
          "Zähler",
          -1,
          1_700_000_000_000L,
          new Issuer("m", "8", 2, new String[] {"load", "price"}, new double[] {.1, .9}, "heat"),
          new double[] {1e9, -.25},
          new float[] {1, Float.NaN},
          new float[] {0, 2, 3, 4},
          0,
          false,
          2,
          1,
          new byte[] {1, 2, 3},
          ForecastRole.MEMBER,
          .625);

  private static final LeadForecasts SCORED =
      new LeadForecasts(
          "Zähler",
          -1,
          List.of(
              LeadForecast.of(ISSUED, new int[] {1, 2}), LeadForecast.of(MEMBER, new int[] {1})));

  private static final int VERSION_AT = 0;
  private static final int FLAGS_AT = 1;
  private static final int FILLED_CELLS_AT = 10;
  private static final int SERIES_LENGTH_AT = 18;
  private static final int SERIES_WIDTH_AT = 22;
  private static final int CONTEXT_LENGTH_AT = 24;

  @Test
  void shouldReadTheTasksThatAreKept() throws Exception {
    DataInputDeserializer in = new DataInputDeserializer(kept("forecast-task-1.bin"));
    TypeSerializer<ForecastTask> serializer = restored(in);
    assertEqual(serializer.deserialize(in), PLAIN);
    assertEqual(serializer.deserialize(in), FULL);
    assertThat(in.available()).isZero();

    in = new DataInputDeserializer(kept("forecast-task-2.bin"));
    serializer = restored(in);
    assertEqual(serializer.deserialize(in), PLAIN);
    assertEqual(serializer.deserialize(in), FULL);
    assertEqual(serializer.deserialize(in), TOLD);
    assertThat(in.available()).isZero();

    in = new DataInputDeserializer(kept("forecast-task-3.bin"));
    serializer = restored(in);
    for (ForecastTask task : List.of(PLAIN, FULL, TOLD, TRACED)) {
      assertEqual(serializer.deserialize(in), task);
    }
    assertThat(in.available()).isZero();
  }

  @Test
  void shouldReadTheMeasurementsThatWereUnderWay() throws Exception {
    for (String name : List.of("measurement-2.bin", "measurement-3.bin")) {
      DataInputDeserializer in = new DataInputDeserializer(kept(name));
      TypeSerializer<Measurement> serializer = restored(in);
      assertEqual(serializer.deserialize(in), BEHIND);
      assertEqual(serializer.deserialize(in), WHOLE);
      if (name.equals("measurement-3.bin")) {
        assertEqual(serializer.deserialize(in), PASSING);
      }
      assertThat(in.available()).isZero();
    }
  }

  @Test
  void shouldReadTheWaitingTasksThatAreKept() throws Exception {
    for (String name : List.of("waiting-task-1.bin", "waiting-task-2.bin", "waiting-task-3.bin")) {
      DataInputDeserializer in = new DataInputDeserializer(kept(name));
      TypeSerializer<WaitingTask> serializer = restored(in);
      assertThat(serializer.deserialize(in))
          .usingRecursiveComparison()
          .isEqualTo(new WaitingTask(FULL, 123_456_789_012L));
      assertThat(in.available()).isZero();
    }
  }

  @Test
  void shouldReadTheSlotsThatAreKept() throws Exception {
    DataInputDeserializer in = new DataInputDeserializer(kept("kept-slot-1.bin"));
    TypeSerializer<KeptSlot> serializer = restored(in);
    assertThat(serializer.deserialize(in)).isEqualTo(SLOT);
    assertThat(in.available()).isZero();
  }

  @Test
  void shouldReadTheClosedCellsThatWereUnderWay() throws Exception {
    DataInputDeserializer in = new DataInputDeserializer(kept("closed-cell-1.bin"));
    TypeSerializer<ClosedCell> serializer = restored(in);
    for (ClosedCell cell : List.of(CLOSED, CORRECTED)) {
      assertEqual(serializer.deserialize(in), cell);
    }
    assertThat(in.available()).isZero();
  }

  @Test
  void shouldReadTheForecastsThatWaitForTheirCells() throws Exception {
    DataInputDeserializer in = new DataInputDeserializer(kept("issued-forecast-1.bin"));
    TypeSerializer<IssuedForecast> serializer = restored(in);
    for (IssuedForecast forecast : List.of(ISSUED, MEMBER, ISSUED)) {
      assertThat(serializer.deserialize(in))
          .usingRecursiveComparison()
          .withComparatorForType(Double::compare, Double.class)
          .withComparatorForType(Float::compare, Float.class)
          .isEqualTo(forecast);
    }
    assertThat(in.available()).isZero();
    DataInputDeserializer again = new DataInputDeserializer(kept("issued-forecast-1.bin"));
    TypeSerializer<IssuedForecast> same = restored(again);
    Issuer first = same.deserialize(again).issuer();
    same.deserialize(again);
    assertThat(same.deserialize(again).issuer()).as("one for all").isSameAs(first);
  }

  @Test
  void shouldReadTheForecastsThatAreUnderWayToTheirScores() throws Exception {
    DataInputDeserializer in = new DataInputDeserializer(kept("lead-forecasts-1.bin"));
    assertThat(restored(in).deserialize(in))
        .usingRecursiveComparison()
        .withComparatorForType(Double::compare, Double.class)
        .withComparatorForType(Float::compare, Float.class)
        .isEqualTo(SCORED);
    assertThat(in.available()).isZero();
  }

  /** Whose bytes are what they are when asked for. */
  private static final class Live extends LiveBytes {

    private final Supplier<byte[]> now;

    Live(Supplier<byte[]> now) {
      this.now = now;
    }

    @Override
    public byte[] bytes() {
      return now.get();
    }
  }

  @Test
  void shouldKeepWhatIsLiveAsItsBytesAndCopyIt() throws Exception {
    byte[][] now = {{1, 2, 3}};
    LiveBytes live = new Live(() -> now[0]);
    byte[] bytes = written(StateTypes.LIVE_BYTES, live);
    assertThat(bytes).isEqualTo(kept("live-bytes-1.bin"));
    TypeSerializer<LiveBytes> serializer =
        StateTypes.LIVE_BYTES.createSerializer(new SerializerConfigImpl());
    LiveBytes copy = serializer.copy(live);
    now[0] = new byte[] {9};
    assertThat(copy.bytes()).as("what a checkpoint under way needs").containsExactly(1, 2, 3);
    DataInputDeserializer in = new DataInputDeserializer(kept("live-bytes-1.bin"));
    TypeSerializer<LiveBytes> restored = restored(in);
    LiveBytes read = restored.deserialize(in);
    assertThat(read.bytes()).containsExactly(1, 2, 3);
    Live again = read.live(Live.class, kept -> new Live(() -> new byte[] {kept[2]}));
    assertThat(again.bytes()).containsExactly(3);
    assertThat(again.live(Live.class, kept -> new Live(() -> kept))).isSameAs(again);
    assertThat(serializer.isImmutableType()).isFalse();
  }

  /** A change of the bytes is a next version, with a file of its own beside those of the former. */
  @Test
  void shouldWriteWhatIsKept() throws Exception {
    assertThat(written(StateTypes.FORECAST_TASK, PLAIN, FULL, TOLD, TRACED))
        .isEqualTo(kept("forecast-task-3.bin"));
    assertThat(written(StateTypes.WAITING_TASK, new WaitingTask(FULL, 123_456_789_012L)))
        .isEqualTo(kept("waiting-task-3.bin"));
    assertThat(written(StateTypes.MEASUREMENT, BEHIND, WHOLE, PASSING))
        .isEqualTo(kept("measurement-3.bin"));
    assertThat(written(StateTypes.CLOSED_CELL, CLOSED, CORRECTED))
        .isEqualTo(kept("closed-cell-1.bin"));
    assertThat(written(StateTypes.KEPT_SLOT, SLOT)).isEqualTo(kept("kept-slot-1.bin"));
    assertThat(written(StateTypes.ISSUED_FORECAST, ISSUED, MEMBER, ISSUED))
        .isEqualTo(kept("issued-forecast-1.bin"));
    assertThat(written(StateTypes.LEAD_FORECASTS, SCORED)).isEqualTo(kept("lead-forecasts-1.bin"));
  }

  @Test
  void shouldRefuseACommandThatThereIsNot() throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(64);
    StateTypes.KEPT_SLOT.createSerializer(new SerializerConfigImpl()).serialize(SLOT, out);
    byte[] bytes = out.getCopyOfBuffer();
    int action = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("c10") + 3;
    assertThat(bytes[action]).as("retire").isEqualTo((byte) 5);
    bytes[action] = 6;
    assertThatThrownBy(
            () ->
                StateTypes.KEPT_SLOT
                    .createSerializer(new SerializerConfigImpl())
                    .deserialize(new DataInputDeserializer(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessage("a command must be one that there is: code=6");
  }

  @Test
  void shouldSayWhatIsWrongWithBytes() throws Exception {
    byte[] bytes = task(PLAIN);
    assertRefused(
        changed(bytes, VERSION_AT, 4),
        "a forecast task must be of a version from 1 to 3: version=4");
    assertRefused(
        changed(bytes, VERSION_AT, 0),
        "a forecast task must be of a version from 1 to 3: version=0");
    assertRefused(
        changed(bytes, FLAGS_AT, 33), "a forecast task must have no flags beyond 31: flags=33");
    assertRefused(
        changed(changed(bytes, VERSION_AT, 2), FLAGS_AT, 17),
        "a forecast task must have no flags beyond 15: flags=17");
    assertRefused(
        changed(changed(bytes, VERSION_AT, 1), FLAGS_AT, 9),
        "a forecast task must have no flags beyond 7: flags=9");
    assertRefused(
        changed(bytes, SERIES_WIDTH_AT, 4), "series must have chars of 1 or 2 bytes: width=4");
    assertRefused(
        changed(bytes, CONTEXT_LENGTH_AT, -1), "context must have 0 or more values: values=");
    assertRefused(
        changed(bytes, CONTEXT_LENGTH_AT, 0x7f),
        "context must have no more than 536870909 values: values=2130706436");
    assertRefused(
        changed(bytes, CONTEXT_LENGTH_AT, 0x01), "context claimed 16777220 values, but only had 5");
    assertRefused(
        changed(bytes, SERIES_LENGTH_AT, 0x01), "series claimed 16777217 chars, but only had 25");
    assertRefused(
        changed(bytes, FILLED_CELLS_AT, -1),
        "a forecast task must be one that can be: filledCells and revision must be 0 or more,"
            + " horizon 1 or more: filledCells=-16777214, revision=5, horizon=null");
    assertRefused(new byte[0], "a forecast task must be whole, its bytes end early");
  }

  @Test
  void shouldRefuseStateOfALaterVersionBeforeItIsRead() throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(64);
    new NextSnapshot().writeSnapshot(out);
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    assertThatThrownBy(
            () ->
                new ForecastTaskSerializerSnapshot()
                    .readSnapshot(1, in, StateSerializersTest.class.getClassLoader()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "state must have been kept with versions up to [3], was kept with [4]; go on with the"
                + " version of Tidecast that kept it, or a later one");
  }

  @Test
  void shouldRefuseASnapshotOfAnotherForm() throws Exception {
    ClassLoader loader = StateSerializersTest.class.getClassLoader();
    DataInputDeserializer empty = new DataInputDeserializer(new byte[0]);
    assertThatThrownBy(() -> new ForecastTaskSerializerSnapshot().readSnapshot(2, empty, loader))
        .hasMessage("snapshot of a serializer must be of version 1: version=2");
    DataInputDeserializer two = new DataInputDeserializer(new byte[] {0, 0, 0, 2});
    assertThatThrownBy(() -> new ForecastTaskSerializerSnapshot().readSnapshot(1, two, loader))
        .hasMessage("snapshot of a serializer must have 1 versions: versions=2");
  }

  /** With one field more, a next version reads what this one has kept. */
  @Test
  void shouldBeReadByALaterVersion() throws Exception {
    DataInputDeserializer in = new DataInputDeserializer(kept("forecast-task-1.bin"));
    // As Flink begins: the name of the class, its version, and then its own.
    in.readUTF();
    NextSnapshot snapshot = new NextSnapshot();
    snapshot.readSnapshot(in.readInt(), in, StateSerializersTest.class.getClassLoader());
    assertThat(new NextSnapshot().resolveSchemaCompatibility(snapshot).isCompatibleAsIs()).isTrue();
    TypeSerializer<ForecastTask> next = snapshot.restoreSerializer();
    assertEqual(next.deserialize(in), PLAIN);
    assertEqual(next.deserialize(in), FULL);

    DataOutputSerializer out = new DataOutputSerializer(64);
    next.serialize(PLAIN, out);
    assertThat(out.getCopyOfBuffer()).hasSize(task(PLAIN).length + Long.BYTES);
    assertEqual(next.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())), PLAIN);
  }

  @Test
  void shouldBeIncompatibleWithStateOfFlinksOwnForm() {
    TypeSerializerSnapshot<ForecastTask> pojo =
        TypeInformation.of(ForecastTask.class)
            .createSerializer(new SerializerConfigImpl())
            .snapshotConfiguration();
    assertThat(
            new ForecastTaskSerializerSnapshot().resolveSchemaCompatibility(pojo).isIncompatible())
        .isTrue();
  }

  /** As the next might be: with a time after all others. */
  private static final class NextTaskSerializer extends VersionedSerializer<ForecastTask> {

    private static final long serialVersionUID = 1L;

    NextTaskSerializer() {
      super("a forecast task", 4);
    }

    @Override
    int[] versions() {
      return new int[] {4};
    }

    @Override
    void write(ForecastTask task, DataOutputView out) throws IOException {
      ForecastTaskSerializer.INSTANCE.write(task, out);
      out.writeLong(99);
    }

    @Override
    ForecastTask read(int writtenAs, DataInputView in) throws IOException {
      ForecastTask task = ForecastTaskSerializer.INSTANCE.read(Math.min(writtenAs, 3), in);
      assertThat(writtenAs < 4 ? 99 : in.readLong()).isEqualTo(99);
      return task;
    }

    @Override
    public ForecastTask createInstance() {
      return ForecastTaskSerializer.INSTANCE.createInstance();
    }

    @Override
    public TypeSerializerSnapshot<ForecastTask> snapshotConfiguration() {
      return new NextSnapshot();
    }
  }

  private static final class NextSnapshot extends VersionedSerializerSnapshot<ForecastTask> {

    NextSnapshot() {
      super(new NextTaskSerializer());
    }
  }

  private static <T> TypeSerializer<T> restored(DataInputView in) throws IOException {
    TypeSerializerSnapshot<T> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(
            in, StateSerializersTest.class.getClassLoader());
    TypeSerializer<T> serializer = snapshot.restoreSerializer();
    assertThat(
            serializer
                .snapshotConfiguration()
                .resolveSchemaCompatibility(snapshot)
                .isCompatibleAsIs())
        .isTrue();
    return serializer;
  }

  /** The snapshot, as Flink keeps it, and then the elements. */
  @SafeVarargs
  private static <T> byte[] written(TypeInformation<T> type, T... elements) throws IOException {
    TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
    for (T element : elements) {
      serializer.serialize(element, out);
    }
    return out.getCopyOfBuffer();
  }

  private static byte[] task(ForecastTask task) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    ForecastTaskSerializer.INSTANCE.serialize(task, out);
    return out.getCopyOfBuffer();
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    return ByteBuffer.wrap(bytes.clone()).put(at, (byte) value).array();
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(
            () -> ForecastTaskSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(message);
  }

  private static void assertEqual(Object read, Object written) {
    assertThat(read)
        .usingRecursiveComparison()
        .withEqualsForType(Float::equals, Float.class)
        .withEqualsForType(Double::equals, Double.class)
        .isEqualTo(written);
  }

  private static byte[] kept(String name) throws IOException {
    try (InputStream in = StateSerializersTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  /** What a record of many channels costs the network, for each of them. */
  @Test
  void shouldCarryAnObservationInFewBytes() throws IOException {
    long now = 1_764_000_000_000L;
    RecordOrigin source =
        new RecordOrigin("observations", 11, 9_000_000_000L, now + 700, 12, 5_120, null, null);
    String series = "plant-7/channel-321";
    DataOutputSerializer out = new DataOutputSerializer(64);
    StateTypes.MEASUREMENT
        .createSerializer(new SerializerConfigImpl())
        .serialize(new Measurement(source, series, now, new double[] {1.5}), out);
    // Flink adds the length of the element, its kind and its time.
    assertThat(out.length() + 4 + 1 + 8).isLessThanOrEqualTo(64 + series.length());
  }
}

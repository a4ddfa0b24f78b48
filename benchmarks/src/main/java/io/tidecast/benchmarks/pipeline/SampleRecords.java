package io.tidecast.benchmarks.pipeline;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records that a job wrote, for another to write again: keys, headers and values. */
record SampleRecords(List<Sample> samples) implements Serializable {

  SampleRecords {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("must have a record to write again");
    }
  }

  /** A record of a topic; a key of no bytes stands for none. */
  record Sample(byte[] key, byte[] value, List<SampleHeader> headers) implements Serializable {}

  /** A header of a record. */
  record SampleHeader(String key, byte[] value) implements Serializable {}

  /** Writes records to a file. */
  static void write(Path file, List<ConsumerRecord<byte[], byte[]>> records) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(records.size());
      for (ConsumerRecord<byte[], byte[]> record : records) {
        write(out, record.key() == null ? new byte[0] : record.key());
        write(out, record.value());
        Header[] headers = record.headers().toArray();
        out.writeInt(headers.length);
        for (Header header : headers) {
          out.writeUTF(header.key());
          write(out, header.value());
        }
      }
    }
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Reads what {@link #write} has written. */
  static SampleRecords read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      int count = in.readInt();
      List<Sample> samples = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] key = bytes(in);
        byte[] value = bytes(in);
        int headers = in.readInt();
        List<SampleHeader> named = new ArrayList<>();
        for (int header = 0; header < headers; header++) {
          String name = in.readUTF();
          named.add(new SampleHeader(name, bytes(in)));
        }
        samples.add(new Sample(key, value, named));
      }
      return new SampleRecords(samples);
    }
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }

  /** Makes a record for a topic of the sample of this number, counted round and round. */
  ProducerRecord<byte[], byte[]> record(String topic, int number) {
    Sample sample = samples.get(Math.floorMod(number, samples.size()));
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, null, sample.key.length == 0 ? null : sample.key, sample.value);
    for (SampleHeader header : sample.headers) {
      record.headers().add(new RecordHeader(header.key, header.value));
    }
    return record;
  }
}

package io.tidecast.architectures.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import io.tidecast.graph.GraphLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The safetensors container: an 8-byte little-endian header length, a JSON header, raw
 * little-endian row-major data. F32 and I64 tensors are written. All floats from 16 bits on are
 * read as F32, of which F64 alone loses digits, and all integers as I64.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class SafeTensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LENGTH_BYTES = Long.BYTES;

  /** What an archive of PyTorch begins with, little-endian. */
  private static final int ZIP = 0x04034b50;

  /** What a pickle begins with, and then the number of its version. */
  private static final byte PICKLE = (byte) 0x80;

  private static final int NEWEST_PICKLE = 5;

  private SafeTensors() {}

  /**
   * Every tensor of a file, in the order of its header.
   *
   * @throws IOException if the file can't be read
   * @throws WeightsException if it is no safetensors file, is too large or holds another type
   */
  public static Map<String, Tensor> read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > GraphLimits.mostBytes()) {
      throw new WeightsException(
          "must have at most %s, %s: %s has %s"
              .formatted(
                  GraphLimits.megabytes(GraphLimits.mostBytes()),
                  GraphLimits.reason(),
                  file,
                  GraphLimits.megabytes(size)));
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    String otherwise = otherwise(bytes, file);
    if (!otherwise.isEmpty()) {
      throw new WeightsException(file + ": " + otherwise);
    }
    try {
      return parse(bytes);
    } catch (WeightsException e) {
      throw new WeightsException(file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Tensor> parse(ByteBuffer bytes) {
    if (bytes.remaining() < LENGTH_BYTES) {
      throw new WeightsException("not a safetensors file: only " + bytes.remaining() + " bytes");
    }
    long headerLength = bytes.getLong(0);
    if (headerLength < 2 || headerLength > bytes.capacity() - LENGTH_BYTES) {
      throw new WeightsException(
          "not a safetensors file: header of "
              + headerLength
              + " bytes in a file of "
              + bytes.capacity());
    }
    String header =
        StandardCharsets.UTF_8.decode(bytes.slice(LENGTH_BYTES, (int) headerLength)).toString();
    ByteBuffer data =
        bytes.slice(
            LENGTH_BYTES + (int) headerLength,
            bytes.capacity() - LENGTH_BYTES - (int) headerLength);
    data.order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long taken = 0;
    for (Map.Entry<String, JsonNode> entry : readHeader(header).properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), data));
        JsonNode offsets = entry.getValue().get("data_offsets");
        taken += offsets.get(1).asLong() - offsets.get(0).asLong();
        if (taken > data.capacity()) {
          throw new WeightsException("tensors must not share data: " + entry.getKey());
        }
      }
    }
    return tensors;
  }

  private static JsonNode readHeader(String header) {
    try {
      JsonNode node = JSON.readTree(header);
      if (!node.isObject()) {
        throw new WeightsException("not a safetensors file: its header is no JSON object");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new WeightsException("not a safetensors file: its header is no JSON", e);
    }
  }

  private static Tensor tensor(String name, JsonNode entry, ByteBuffer data) {
    JsonNode offsets = entry.path("data_offsets");
    if (!entry.path("shape").isArray() || offsets.size() != 2) {
      throw new WeightsException("tensor " + name + " needs shape and data_offsets: " + entry);
    }
    long[] shape = new long[entry.get("shape").size()];
    Arrays.setAll(shape, i -> entry.get("shape").get(i).asLong(-1));
    long begin = offsets.get(0).asLong(-1);
    long end = offsets.get(1).asLong(-1);
    if (begin < 0 || end < begin || end > data.capacity()) {
      throw new WeightsException(
          "tensor " + name + " lies outside the data: " + offsets + " of " + data.capacity());
    }
    ByteBuffer slice = data.slice((int) begin, (int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
    String type = entry.path("dtype").asText();
    try {
      return switch (type) {
        case "F32" -> {
          float[] values = new float[slice.remaining() / Float.BYTES];
          slice.asFloatBuffer().get(values);
          yield Tensor.of(values, shape);
        }
        case "I64" -> {
          long[] values = new long[slice.remaining() / Long.BYTES];
          slice.asLongBuffer().get(values);
          yield Tensor.of(values, shape);
        }
        case "F16" ->
            Tensor.of(floats(slice, Short.BYTES, b -> NarrowFloats.ofHalf(b.getShort())), shape);
        case "BF16" ->
            Tensor.of(floats(slice, Short.BYTES, b -> NarrowFloats.ofBrain(b.getShort())), shape);
        case "F64" -> Tensor.of(floats(slice, Double.BYTES, b -> (float) b.getDouble()), shape);
        case "I32" -> Tensor.of(longs(slice, Integer.BYTES, ByteBuffer::getInt), shape);
        case "I16" -> Tensor.of(longs(slice, Short.BYTES, ByteBuffer::getShort), shape);
        case "I8" -> Tensor.of(longs(slice, Byte.BYTES, ByteBuffer::get), shape);
        case "U8", "BOOL" -> Tensor.of(longs(slice, Byte.BYTES, b -> b.get() & 0xff), shape);
        default ->
            throw new WeightsException(
                "tensor "
                    + name
                    + " must be of F64, F32, F16, BF16 or integers: dtype="
                    + type
                    + "; convert it first, in PyTorch with .float()");
      };
    } catch (IllegalArgumentException e) {
      throw new WeightsException("tensor " + name + ": " + e.getMessage(), e);
    }
  }

  /** Reads the next value of a buffer. */
  @FunctionalInterface
  private interface Next<T extends Number> {
    T of(ByteBuffer buffer);
  }

  private static float[] floats(ByteBuffer slice, int width, Next<Float> next) {
    float[] values = new float[slice.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      values[i] = next.of(slice);
    }
    return values;
  }

  private static long[] longs(ByteBuffer slice, int width, Next<? extends Number> next) {
    long[] values = new long[slice.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      values[i] = next.of(slice).longValue();
    }
    return values;
  }

  /** Says what a file is that other programs write checkpoints in; empty where nobody can tell. */
  private static String otherwise(ByteBuffer bytes, Path file) {
    boolean zip = bytes.remaining() >= Integer.BYTES && bytes.getInt(0) == ZIP;
    boolean pickle =
        bytes.remaining() > 2
            && bytes.get(0) == PICKLE
            && bytes.get(1) <= NEWEST_PICKLE
            && bytes.get(1) > 1;
    if (!zip && !pickle) {
      return "";
    }
    String name = String.valueOf(file.getFileName());
    String to = name.replaceFirst("\\.[A-Za-z0-9]+$", "") + ".safetensors";
    return """
        must be a safetensors file: it is a pickle of PyTorch, which can run code when it is read; convert it where you trust it:
          import torch; from safetensors.torch import save_file
          state = torch.load("%s", map_location="cpu", weights_only=True)
          save_file({k: v.clone() for k, v in state.get("state_dict", state).items()}, "%s")"""
        .formatted(name, to);
  }

  /**
   * Writes all tensors, replacing the file only once the new content is complete.
   *
   * @throws IOException if the file can't be written
   */
  public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", tensor.isFloat() ? "F32" : "I64");
      for (long length : tensor.shape()) {
        node.withArray("shape").add(length);
      }
      node.withArray("shape");
      long bytes = Tensor.elements(tensor.shape()) * (tensor.isFloat() ? Float.BYTES : Long.BYTES);
      node.withArray("data_offsets").add(offset).add(offset + bytes);
      offset += bytes;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(LENGTH_BYTES + padded + offset))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(padded).put(json);
    while (out.position() < LENGTH_BYTES + padded) {
      out.put((byte) ' ');
    }
    for (Tensor tensor : tensors.values()) {
      if (tensor.isFloat()) {
        out.asFloatBuffer().put(tensor.floats());
        out.position(out.position() + tensor.floats().length * Float.BYTES);
      } else {
        out.asLongBuffer().put(tensor.longs());
        out.position(out.position() + tensor.longs().length * Long.BYTES);
      }
    }
    Path whole = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(whole, out.array());
    Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}

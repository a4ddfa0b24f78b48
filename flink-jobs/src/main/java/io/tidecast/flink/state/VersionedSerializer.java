package io.tidecast.flink.state;

import java.io.EOFException;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes elements, which but for {@link LiveBytes} never change once made: a byte with the version,
 * then the fields in a fixed order. What it reads it checks. Without state of its own; any thread.
 */
abstract class VersionedSerializer<T> extends TypeSerializer<T> {

  private static final long serialVersionUID = 1L;

  private final String what;
  private final int version;

  /**
   * @param what an element, in messages
   * @param version that is written, 1 to 127; it and all before it are read
   */
  VersionedSerializer(String what, int version) {
    this.what = what;
    this.version = version;
  }

  /** All but the version. */
  abstract void write(T element, DataOutputView out) throws IOException;

  /**
   * All but the version.
   *
   * @param writtenAs 1 to the version that is written now
   * @throws IOException if the bytes are none of an element
   * @throws IllegalArgumentException if they are of an element that cannot be
   */
  abstract T read(int writtenAs, DataInputView in) throws IOException;

  /** Of the elements, and of elements within them, in a fixed order. */
  abstract int[] versions();

  @Override
  public final void serialize(T element, DataOutputView out) throws IOException {
    out.writeByte(version);
    write(element, out);
  }

  @Override
  public final T deserialize(DataInputView in) throws IOException {
    try {
      int writtenAs = in.readByte();
      if (writtenAs < 1 || writtenAs > version) {
        throw new IOException(
            "%s must be of a version from 1 to %d: version=%d".formatted(what, version, writtenAs));
      }
      return read(writtenAs, in);
    } catch (EOFException e) {
      throw new IOException("%s must be whole, its bytes end early".formatted(what), e);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s must be one that can be: %s".formatted(what, e.getMessage()), e);
    }
  }

  @Override
  public final T deserialize(T reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public final void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public T copy(T from) {
    return from;
  }

  @Override
  public final T copy(T from, T reuse) {
    return copy(from);
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public final TypeSerializer<T> duplicate() {
    return this;
  }

  @Override
  public final int getLength() {
    return -1;
  }

  @Override
  @SuppressWarnings("EqualsGetClass") // The class is all that there is to compare.
  public final boolean equals(Object other) {
    return other != null && other.getClass() == getClass();
  }

  @Override
  public final int hashCode() {
    return getClass().hashCode();
  }
}

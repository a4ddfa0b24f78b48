package io.tidecast.schemas;

import java.io.IOException;
import java.util.Collection;
import org.apache.avro.Schema;
import org.apache.avro.io.ResolvingDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Reads arrays of doubles that were written as floats. Avro 1.12.2 promotes each item, but before
 * that it holds the claimed length against the bytes that so many doubles take, and so refuses
 * every array of floats near the end of a record.
 */
final class PromotingReader<T> extends SpecificDatumReader<T> {

  private static final Schema SMALLEST_ITEM = Schema.create(Schema.Type.FLOAT);

  PromotingReader(Schema written, Schema read, SpecificData data) {
    super(written, read, data);
  }

  @Override
  protected Object readArray(Object old, Schema expected, ResolvingDecoder in) throws IOException {
    if (expected.getElementType().getType() != Schema.Type.DOUBLE) {
      return super.readArray(old, expected, in);
    }
    long count = in.readArrayStart();
    ensureAvailableCollectionBytes(in, count, SMALLEST_ITEM);
    @SuppressWarnings("unchecked")
    Collection<Double> items =
        (Collection<Double>) newArray(old, initialCollectionCapacity(count), expected);
    while (count > 0) {
      for (long i = 0; i < count; i++) {
        items.add(in.readDouble());
      }
      count = in.arrayNext();
      ensureAvailableCollectionBytes(in, count, SMALLEST_ITEM);
    }
    return items;
  }
}
